import type { Certificate, Course } from '@trivet/academy';
import { Button, ButtonLink, CertificateBadge, Form } from '@trivet/ui';

/** Props of {@link CertificateRequest}. */
export interface CertificateRequestProps {
  readonly course: Course;
  readonly certificate: Certificate | undefined;
}

/** Asks for the certificate of a course, or leads to the one already asked for. */
export const CertificateRequest = ({ course, certificate }: CertificateRequestProps) => {
  if (certificate && certificate.state !== 'failed') {
    return (
      <p class="certificate">
        <CertificateBadge state={certificate.state} />
        <ButtonLink
          look="secondary"
          href={`/certificates/${certificate.id}`}
          label={`Certificate: ${course.title}`}
        >
          Certificate
        </ButtonLink>
      </p>
    );
  }
  return (
    <Form action="/certificates" hidden={{ course: course.slug }} inline>
      <Button look="secondary" label={`Get the certificate: ${course.title}`}>
        Get the certificate
      </Button>
    </Form>
  );
};
