// What the board's scripts add to a page's window, or find there in some browsers only.

interface Window {
  interspaceTouches?: { x: number; y: number; at: number }[]; // the last two, set by tablet/dress.js
  interspaceTyped?: boolean; // whether anything was typed into this page, set by tablet/dress.js
  interspaceLost?: () => void; // a part of the page did not come: set by tablet/lost.js
  webkitAudioContext?: typeof AudioContext;
}
