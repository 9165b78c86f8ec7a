export { formatStep } from './format-step.ts';
