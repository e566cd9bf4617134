// What the board's scripts add to a page's window, or find there in some browsers only.

interface Window {
  interspaceTouches?: { x: number; y: number; at: number }[]; // the last two, set by tablet/dress.js
  webkitAudioContext?: typeof AudioContext;
}
