import { styleText } from 'node:util';

type Colour = 'cyan' | 'magenta' | 'yellow' | 'blue' | 'green';

const colours: Readonly<Record<string, Colour>> = {
  dashboard: 'cyan',
  learn: 'magenta',
  worker: 'yellow',
  migrations: 'blue',
  redis: 'green',
};
const WIDTH = Math.max(...Object.keys(colours).map((name) => name.length));

const isColoured = (): boolean => process.stdout.isTTY && !process.env.NO_COLOR;

/** One line of a process, under its name: `dashboard  | listening on 3001`. */
export function prefixed(line: string, source: string): string {
  const prefix = `${source.padEnd(WIDTH)} |`;
  const colour = colours[source];
  return `${colour && isColoured() ? styleText(colour, prefix) : prefix} ${line}\n`;
}
