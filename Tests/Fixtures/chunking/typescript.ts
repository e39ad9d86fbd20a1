import type { A } from './a';

export interface Shape<T> extends A {
  readonly name: string;
  area(scale: number): number;
}

export type Id = string | number;

export enum Color { Red, Green = 'g' }

declare module 'plugin' {
  export function install(): void;
}

namespace Geometry {
  export const PI = 3;
  export abstract class Figure implements Shape<number> {
    private sides = 4;
    constructor(readonly name: string) {}
    abstract perimeter(): number;
    static of<T>(x: T): Figure { return null!; }
  }
}

export const useShape = (id: Id): Shape<number> => {
  return load(id);
};

@Component({ selector: 'app' })
export class AppComponent {
  @Input() title: string = '';
  handler = async () => {};
}

function overload(a: string): void;
function overload(a: any) {}
