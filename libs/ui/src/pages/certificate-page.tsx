import { ButtonLink } from '../components/button.js';
import {
  CertificateBadge,
  certificateFileUrl,
  type CertificateState,
} from '../components/certificate-badge.js';
import { Layout } from '../layout/layout.js';
import { Moment } from '../moment.js';
import type { Instant, SignedInContext } from '../page-context.js';

/** A certificate as its page shows it. */
export interface CertificateDetails {
  readonly id: string;
  /** Slug of the course. */
  readonly course: string;
  /** Title of the course. */
  readonly title: string;
  readonly state: CertificateState;
  readonly requestedAt: Instant;
}

/** Props of {@link CertificatePage}. */
export interface CertificatePageProps {
  readonly context: SignedInContext;
  readonly certificate: CertificateDetails;
}

const NextStep = ({ context, certificate }: CertificatePageProps) => {
  switch (certificate.state) {
    case 'ready':
      return <ButtonLink href={certificateFileUrl(certificate.id)}>Download the PDF</ButtonLink>;
    case 'pending':
      return (
        <>
          <p>
            It is being prepared, usually for a few seconds. You may leave this page; it will not be lost.
          </p>
          <ButtonLink look="secondary" href={context.path}>
            Look again
          </ButtonLink>
        </>
      );
    case 'failed':
      return (
        <>
          <p>It could not be prepared. Please ask for it once more from the course.</p>
          <ButtonLink href={`${context.links.learn}/#${certificate.course}`}>Go to the course</ButtonLink>
        </>
      );
  }
};

/** One certificate: on its way, ready for download, or failed. */
export const CertificatePage = ({ context, certificate }: CertificatePageProps) => (
  <Layout
    context={context}
    title={`Certificate: ${certificate.title}`}
    crumbs={[{ label: 'Dashboard', href: `${context.links.dashboard}/` }, { label: 'Certificate' }]}
    follows={certificate.state === 'pending'}
  >
    <article class={`diploma ${certificate.state}`} data-follow={certificate.state}>
      <p class="diploma-kind">Certificate</p>
      <h1>{certificate.title}</h1>
      <p class="diploma-holder">{context.user.name}</p>
      <p class="fine">
        <CertificateBadge state={certificate.state} /> Asked for on <Moment at={certificate.requestedAt} />
      </p>
      <div class="diploma-step">
        <NextStep context={context} certificate={certificate} />
      </div>
    </article>
  </Layout>
);
