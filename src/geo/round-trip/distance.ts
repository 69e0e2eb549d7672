import type { Country } from '../../net/country.ts';
import { COUNTRY_SQUARES } from './country-squares.ts';

/** Degrees, north and east positive. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * Kilometres from a point to a country, at least: to the nearest square that the country has a part of, so that it may
 * be up to some 800 km less than the true distance and is never more.
 *
 * @returns `undefined` for a country that is not on the map.
 */
export function leastDistanceKm(from: Point, country: Country): number | undefined {
  const squares = squaresOf(country);
  if (squares.length === 0) return undefined;
  return Math.max(0, Math.min(...squares.map((square) => distanceKm(from, centreOf(square)) - reachKm(square))));
}

/** On a sphere (haversine): off by half a percent at most, which the squares make good. */
export function distanceKm(one: Point, other: Point): number {
  const [a, b] = [radians(one.latitude), radians(other.latitude)];
  const dLatitude = Math.sin((b - a) / 2) ** 2;
  const dLongitude = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, dLatitude + Math.cos(a) * Math.cos(b) * dLongitude)));
}

/** The mean radius. */
const EARTH_KM = 6_371;

const SQUARE_DEGREES = 5;

/** The south-western corner. */
type Square = Point;

const known = new Map<Country, readonly Square[]>();

function squaresOf(country: Country): readonly Square[] {
  const read = known.get(country) ?? readSquares(COUNTRY_SQUARES[country] ?? '');
  known.set(country, read);
  return read;
}

function readSquares(text: string): readonly Square[] {
  return text
    .split(/\s+/)
    .filter((row) => row !== '')
    .flatMap((row) => {
      const [latitude = '', runs = ''] = row.split(':');
      return runs.split(',').flatMap((run) => {
        const [first = 0, last = first] = run.split('..').map(Number);
        const count = (last - first) / SQUARE_DEGREES + 1;
        return Array.from({ length: count }, (_, at) => ({
          latitude: Number(latitude),
          longitude: first + at * SQUARE_DEGREES,
        }));
      });
    });
}

function centreOf({ latitude, longitude }: Square): Point {
  return { latitude: latitude + SQUARE_DEGREES / 2, longitude: longitude + SQUARE_DEGREES / 2 };
}

/** From the centre to the corner that is farthest, which is one on the side of the equator. */
function reachKm(square: Square): number {
  const { latitude, longitude } = square;
  const nearEquator = Math.abs(latitude) < Math.abs(latitude + SQUARE_DEGREES) ? latitude : latitude + SQUARE_DEGREES;
  return distanceKm(centreOf(square), { latitude: nearEquator, longitude });
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
