// Wires the uploads domain.
import { Module } from '@nestjs/common';
import { VideosModule } from '../videos/index.js';
import { NewVideosController } from './new-videos.controller.js';
import { TusController } from './tus.controller.js';
import { TusUploads } from './tus-uploads.js';
import { UploadState } from './upload-state.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsService } from './uploads.service.js';

@Module({
  imports: [VideosModule],
  controllers: [NewVideosController, TusController, UploadsController],
  providers: [UploadsService, UploadState, TusUploads],
  exports: [UploadsService, UploadState],
})
export class UploadsModule {}
