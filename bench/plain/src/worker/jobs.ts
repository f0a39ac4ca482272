export interface CertificateJob {
  readonly certificateId: string;
}

export interface NoteJob {
  readonly userId: string;
  readonly text: string;
}
