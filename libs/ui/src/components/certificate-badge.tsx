import type { Tone } from '../page-context.js';
import { Badge } from './badge.js';

/** Where a certificate is on its way from the request to the PDF. */
export type CertificateState = 'pending' | 'ready' | 'failed';

const words: Readonly<Record<CertificateState, readonly [Tone, string]>> = {
  pending: ['info', 'In preparation'],
  ready: ['success', 'Ready'],
  failed: ['danger', 'Failed'],
};

/** Props of {@link CertificateBadge}. */
export interface CertificateBadgeProps {
  readonly state: CertificateState;
}

/** A certificate's state in words. */
export const CertificateBadge = ({ state }: CertificateBadgeProps) => {
  const [tone, text] = words[state];
  return <Badge tone={tone}>{text}</Badge>;
};

/** Where both apps serve a finished certificate. */
export const certificateFileUrl = (id: string): string => `/api/certificates/${id}/file`;
