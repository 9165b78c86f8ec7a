import type { SessionAnswers, SessionRequest } from './messages.ts';
import type { SideSession } from './side-session.ts';

/** Answers a request to a session: what the worker and the same thread have in common. */
export function answerRequest(
  session: SideSession,
  request: SessionRequest,
): SessionAnswers[keyof SessionAnswers] | Promise<null> {
  switch (request.kind) {
    case 'begin':
      return session.begin();
    case 'run':
      return session.run(request.batch);
    case 'checkpoint':
      return session.checkpoint();
    case 'detail':
      return session.detail(request.index);
    case 'summary':
      return session.summary();
    case 'state':
      return session.state();
    case 'close':
      return session.close();
  }
}
