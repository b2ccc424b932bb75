/** Images on canvases: ink in the colour of text, the ground left as it is. */
import { colour } from '../page/palette.js';
import { PIXELS, SIDE } from './images.js';

const scratch = document.createElement('canvas');
scratch.width = SIDE;
scratch.height = SIDE;

/** @param scale pixels of the canvas for one of the image */
export function paintImage(canvas, pixels, scale = 1) {
  const context = canvas.getContext('2d');
  const image = scratch.getContext('2d');
  const [red, green, blue] = colour('ink').match(/\d+(\.\d+)?/g).map(Number);
  const data = image.createImageData(SIDE, SIDE);
  for (let k = 0; k < PIXELS; k++) data.data.set([red, green, blue, pixels[k]], 4 * k);
  image.putImageData(data, 0, 0);
  context.clearRect(0, 0, SIDE * scale, SIDE * scale);
  context.imageSmoothingEnabled = false;
  context.drawImage(scratch, 0, 0, SIDE * scale, SIDE * scale);
}
