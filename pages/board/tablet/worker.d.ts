// What the server puts before the service worker's text (core/web/server.py).

declare const VERSION: string;
declare const FILES: string[];
