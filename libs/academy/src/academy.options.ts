import { ConfigurableModuleBuilder } from '@nestjs/common';

/** What the academy must be told. */
export interface AcademyOptions {
  /**
   * Secret that keys the hashes of accounts and addresses in the sign-in counter; the same in every process where
   * people sign in. @default a random one, enough where nobody does
   */
  readonly signInPepper?: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: ACADEMY_OPTIONS } =
  new ConfigurableModuleBuilder<AcademyOptions>({ moduleName: 'Academy' })
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();
