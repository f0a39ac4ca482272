import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import { assets } from '@trivet/ui';
import type { Response } from 'express';

const byPath = new Map(assets.map((asset) => [asset.path, asset]));

/** Stylesheet, icon and script; their paths change with their content. */
@Controller('assets')
export class AssetsController {
  @Get(':name')
  asset(@Param('name') name: string, @Res() response: Response): void {
    const asset = byPath.get(`/assets/${name}`);
    if (!asset) throw new NotFoundException();
    response.setHeader('Content-Type', asset.type);
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.send(asset.content);
  }
}
