import { SECURITY_SCHEME } from '../openapi/document.ts';
import { DOCUMENT_PATH } from '../openapi/openapi-routes.ts';

export const REFERENCE_PATH = '/docs';
export const SCRIPT_PATH = `${REFERENCE_PATH}/api-reference.js`;

/** Of Scalar. Everything that would ask another server, or offer to, is switched off; the policy of the page forbids it as well. */
const CONFIGURATION = {
  url: DOCUMENT_PATH,
  telemetry: false,
  withDefaultFonts: false,
  authentication: { preferredSecurityScheme: SECURITY_SCHEME },
  persistAuth: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  documentDownloadType: 'direct',
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  metaData: { title: 'Drover API' },
};

/** Nothing but what this server serves is loaded or asked; styles are made by the script, and so are images. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/docs`. Its own script is the only one, so that the policy can forbid those in the page. */
export const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Drover API</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <noscript>This page needs JavaScript. The document that it shows is at <a href="${DOCUMENT_PATH}">${DOCUMENT_PATH}</a>.</noscript>
    <script id="api-reference" type="application/json" data-configuration="${attribute(JSON.stringify(CONFIGURATION))}"></script>
    <script src="${SCRIPT_PATH}"></script>
  </body>
</html>
`;

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
