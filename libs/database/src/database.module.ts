import { Module } from '@nestjs/common';
import { Database } from './database.js';
import { ConfigurableModuleClass, type DatabaseOptions, MODULE_OPTIONS_TOKEN } from './database.options.js';

/** Gives {@link Database} to the whole app (`isGlobal: false` to this module's importers only). */
@Module({
  providers: [
    {
      provide: Database,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: DatabaseOptions) => new Database(options),
    },
  ],
  exports: [Database],
})
export class DatabaseModule extends ConfigurableModuleClass {}
