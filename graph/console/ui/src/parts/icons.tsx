/** Icons as our own paths, drawn in 24 by 24: types of things, pages of the rail. */

export const TYPE_PATHS: Readonly<Record<string, string>> = {
  person:
    "M12 12a4.200 4.200 0 1 0 0-8.400 4.200 4.200 0 0 0 0 8.400ZM3.800 20.500c.3-4.600 3.700-7 8.200-7s7.900 2.400 8.200 7Z",
  organisation:
    "M4 21V3h10v5h6v13ZM7 6v2h1.500V6Zm0 4v2h1.500v-2Zm0 4v2h1.500v-2Zm3-8v2h1.500V6Zm0 4v2h1.500v-2Zm0 4v2h1.500v-2Zm5-3v2h2v-2Zm0 4v2h2v-2Z",
  vehicle:
    "M4.500 11 6.200 6.400A2.200 2.200 0 0 1 8.300 5h7.400c.9 0 1.700.5 2.100 1.400L19.500 11c1.200.2 2 1 2 2.200V18h-2v1.800h-3V18h-9v1.800h-3V18h-2v-4.800c0-1.200.8-2 2-2.200Zm2.300-.1h10.400l-1.300-3.600H8.100ZM6.800 13.200a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 0 0 0-2.400Zm10.400 0a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 0 0 0-2.400Z",
  parcel:
    "M12 2.500 20.500 7v10L12 21.500 3.500 17V7Zm0 2.100L7.200 7.200 12 9.700l4.800-2.500ZM5.300 8.700v7.200l5.800 3.100v-7.200Zm13.400 0-5.800 3.100v7.200l5.800-3.100Z",
  venue:
    "M4.600 4h14.800L21 9.500a2.800 2.800 0 0 1-1.800 2.800V20.500H4.800v-8.200A2.800 2.800 0 0 1 3 9.500Zm4.900 9.500v5.200h5v-5.200Z",
  phone:
    "M7.500 2.500h9c.8 0 1.300.5 1.300 1.300v16.400c0 .8-.5 1.300-1.300 1.300h-9c-.8 0-1.300-.5-1.300-1.300V3.800c0-.8.5-1.300 1.300-1.300ZM8 5v11.500h8V5Zm3 13v1.600h2V18Z",
  account:
    "M3.500 5h17c.6 0 1 .4 1 1v12c0 .6-.4 1-1 1h-17a1 1 0 0 1-1-1V6c0-.6.4-1 1-1Zm.8 4h15.400V7H4.300Zm0 2.500V17h15.400v-5.500Zm1.800 2h5v1.700h-5Z",
  case: "M3 5h6.500l2 2.200H21V19H3Z",
  place:
    "M12 2.300a7 7 0 0 1 7 7c0 4.700-7 12.400-7 12.400S5 14 5 9.300a7 7 0 0 1 7-7Zm0 4.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z",
  group: "M4 4h7v7H4Zm9 0h7v7h-7ZM4 13h7v7H4Zm9 0h7v7h-7Z",
};

const OTHER = "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17Z";

/** Fills with a contrast of at least 4.5 to 1 to white, the icon's colour. */
export const TYPE_COLOURS: Readonly<Record<string, string>> = {
  person: "#1d5fa8",
  organisation: "#5b3f99",
  vehicle: "#8a5a00",
  parcel: "#a03c1f",
  venue: "#1f7a4d",
  phone: "#0f6f7d",
  account: "#86306f",
  case: "#4a5560",
  place: "#6b5d1f",
  group: "#38424d",
};

export const typeColour = (type: string): string => TYPE_COLOURS[type] ?? "#4a5560";

/** The same icon for the canvas, as an address of inline data. */
export function iconAddress(type: string): string {
  const path = TYPE_PATHS[type] ?? OTHER;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="48" height="48"><path fill="#fff" fill-rule="evenodd" d="${path}"/></svg>`;
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}

export function TypeIcon({ type, size = 20 }: { type: string; size?: number }) {
  return (
    <svg
      class="type-icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="12" cy="12" r="12" fill={typeColour(type)} />
      <path
        transform="translate(4.800 4.800) scale(.6)"
        fill="#fff"
        fill-rule="evenodd"
        d={TYPE_PATHS[type] ?? OTHER}
      />
    </svg>
  );
}

export const PAGE_PATHS: Readonly<Record<string, string>> = {
  search: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13ZM15.300 15.300 20 20",
  graph:
    "M6 8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Zm12 2.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM9 20.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM8.400 6.500l7.200 1.600M6.600 8.400l1.800 7.200M10.700 16.200l5.400-5.400",
  trace: "M3 12h4m10-5h4m-4 10h4M7 12a2 2 0 1 0 4 0 2 2 0 0 0-4 0Zm3.800-1L17 7m-6.200 6 6.200 4",
  map: "M4 6.500 9.500 4l5 2.500L20 4v13.500L14.500 20l-5-2.500L4 20ZM9.500 4v13.500m5-11V20",
  alerts: "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 2h-15Zm4 4h4",
  review: "M4 5h7v14H4Zm9 0h7v14h-7ZM6.500 9h2m-2 3.500h2m6.500-3.500h2m-2 3.500h2",
  cases: "M3.500 6h6l2 2.200h9V19h-17Z",
  audit: "M6 3.500h9l3.500 3.500v13.500H6ZM9 11h6.500M9 14h6.500M9 17h4",
  users:
    "M9 11.500a3.300 3.300 0 1 0 0-6.600 3.300 3.300 0 0 0 0 6.600ZM3 19.500c.3-3.600 2.700-5.300 6-5.300s5.700 1.700 6 5.300m1-8a3 3 0 0 0 0-6m1.800 8.900c2 .6 3 2.200 3.200 5.100",
  help: "M9 9.200a3 3 0 1 1 4.600 2.500c-1 .7-1.600 1.300-1.600 2.500M12 17.800v.2",
  user: "M12 11.500a3.800 3.800 0 1 0 0-7.600 3.800 3.800 0 0 0 0 7.600ZM4.500 20c.4-4 3.500-6 7.500-6s7.100 2 7.500 6",
  edit: "M5 19l.8-3.800L15.500 5.500l3 3-9.700 9.700Z",
};

/** A line icon of a page or a command. */
export function LineIcon({ name, size = 22 }: { name: string; size?: number }) {
  return (
    <svg
      class="line-icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <path d={PAGE_PATHS[name] ?? OTHER} />
    </svg>
  );
}
