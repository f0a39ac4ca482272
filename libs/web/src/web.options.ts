import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { AppName, Links } from '@trivet/ui';

/** Which app this is, and where both are. */
export interface WebOptions {
  readonly app: AppName;
  readonly links: Links;
  /** Refuses to start with accounts whose password everybody knows. */
  readonly production: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: WEB_OPTIONS } =
  new ConfigurableModuleBuilder<WebOptions>({ moduleName: 'Web' })
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();
