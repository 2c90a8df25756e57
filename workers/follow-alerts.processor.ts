// Job follow-alerts: put the alerts of its tenant to a video that was analysed, and tell of what was found.
import { Injectable } from '@nestjs/common';
import { AlertFollowUp } from '../src/alerts/index.js';

@Injectable()
export class FollowAlertsProcessor {
  constructor(private readonly alerts: AlertFollowUp) {}

  /** Twice at once does no harm: an alert is put to a video once, and settled once. */
  process(videoId: string): Promise<void> {
    return this.alerts.follow(videoId);
  }
}
