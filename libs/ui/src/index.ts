export { assets, stylesheet, type Asset } from './assets.js';
export { renderPage } from './render-page.js';
export type {
  AppName,
  FlashMessage,
  GroupName,
  Instant,
  Links,
  PageContext,
  SessionInfo,
  SignedInContext,
  Tone,
  User,
} from './page-context.js';
export { Layout, type LayoutProps } from './layout/layout.js';
export { signInUrl } from './layout/sign-in-url.js';
export { Alert, type AlertProps } from './components/alert.js';
export { Badge, type BadgeProps } from './components/badge.js';
export { Breadcrumbs, type BreadcrumbsProps, type Crumb } from './components/breadcrumbs.js';
export {
  Button,
  ButtonLink,
  type ButtonLinkProps,
  type ButtonLook,
  type ButtonProps,
} from './components/button.js';
export { Card, type CardProps } from './components/card.js';
export {
  CertificateBadge,
  certificateFileUrl,
  type CertificateBadgeProps,
  type CertificateState,
} from './components/certificate-badge.js';
export { EmptyState, type EmptyStateProps } from './components/empty-state.js';
export {
  Field,
  TextField,
  type FieldProps,
  type InputFieldProps,
  type TextFieldProps,
} from './components/field.js';
export { Form, type FormProps } from './components/form.js';
export { ProgressBar, type ProgressBarProps } from './components/progress-bar.js';
export { Table, type Column, type TableProps } from './components/table.js';
export { groupWords, type GroupWords } from './groups.js';
export { formatSpan, Moment, type MomentProps } from './moment.js';
export {
  CertificatePage,
  type CertificateDetails,
  type CertificatePageProps,
} from './pages/certificate-page.js';
export { ErrorPage, type ErrorPageProps } from './pages/error-page.js';
