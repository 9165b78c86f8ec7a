import { syscallKey } from '@switchyard/tbpf/format';
import { type Image, ImageBytes } from './linked-image.ts';

/** The image of a V3 file: final addresses, relative calls, syscalls by key; the loader changes nothing (tbpf.md §6.2, §8.3). */
export class AbsoluteImage extends ImageBytes implements Image {
  loadAt(offset: number, address: number): void {
    this.constantAt(offset, address, 'load');
  }

  wordAt(offset: number, address: number): void {
    this.constantAt(offset, address, 'word');
  }

  callAt(offset: number, target: number): void {
    this.writeCall(offset, 1, this.distanceTo(offset, target));
  }

  syscallAt(offset: number, name: string, place: string): void {
    this.writeCall(offset, 0, syscallKey(name) | 0);
    this.noteSyscall(name, place);
  }
}
