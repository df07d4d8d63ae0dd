/** Rings the way the projection wants them, and room for names on a map. Pure. */
import { geoArea } from "d3-geo";

/**
 * A ring tells inside from outside by its direction. The standard for GeoJSON wants the outer one counter-clockwise,
 * the projection clockwise: of the other kind it would fill the whole earth but the island.
 */
export function wound(land: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  return {
    ...land,
    features: land.features.map((feature) => ({ ...feature, geometry: turned(feature.geometry) })),
  };
}

function turned(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  if (geometry.type === "Polygon") return { ...geometry, coordinates: polygon(geometry.coordinates) };
  if (geometry.type === "MultiPolygon")
    return { ...geometry, coordinates: geometry.coordinates.map(polygon) };
  return geometry;
}

function polygon(rings: GeoJSON.Position[][]): GeoJSON.Position[][] {
  return rings.map((ring, at) => {
    const large = geoArea({ type: "Polygon", coordinates: [ring] } as never) > 2 * Math.PI;
    // A hole runs against its outer ring.
    return large === (at === 0) ? [...ring].reverse() : ring;
  });
}

const HIGH = 15;

/** Which names have room, above their mark or below it; those that would lie on others are left out. */
export function labelled(
  marks: readonly { id: string; x: number; y: number; wide: number }[],
): Map<string, "above" | "below"> {
  const taken: { left: number; right: number; top: number }[] = [];
  const found = new Map<string, "above" | "below">();
  for (const mark of marks) {
    for (const where of ["above", "below"] as const) {
      const top = mark.y + (where === "above" ? -24 : 9);
      const box = { left: mark.x - mark.wide / 2, right: mark.x + mark.wide / 2, top };
      const free = taken.every(
        (other) => box.left > other.right || box.right < other.left || Math.abs(box.top - other.top) > HIGH,
      );
      if (!free) continue;
      taken.push(box);
      found.set(mark.id, where);
      break;
    }
  }
  return found;
}
