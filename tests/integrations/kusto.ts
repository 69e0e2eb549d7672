import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';

/** Columns of a table: name and KQL type. */
export type Columns = Readonly<Record<string, string>>;

interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}

interface Analysis {
  GetDiagnostics(): List<{ readonly Severity: string; readonly Message: string }>;
  readonly ResultType: { readonly Columns: List<{ readonly Name: string; readonly Type: { readonly Name: string } }> };
}

interface Table {
  WithName(name: string): Table;
}

interface Globals {
  WithDatabase(database: object): Globals;
}

interface KustoLanguage {
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): Table };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: Table[], isOpen: boolean) => object };
  };
  readonly GlobalState: { readonly Default: Globals };
  readonly KustoCode: { ParseAndAnalyze(query: string, globals: Globals): Analysis };
}

/** Microsoft's own parser of KQL: two scripts that put what they define into the global scope, one after the other. */
function load(): KustoLanguage {
  const directory = dirname(createRequire(import.meta.url).resolve('@kusto/language-service-next/package.json'));
  for (const script of ['bridge.js', 'Kusto.Language.Bridge.js'])
    runInThisContext(readFileSync(join(directory, script), 'utf8'), { filename: script });
  return (globalThis as unknown as { readonly Kusto: { readonly Language: KustoLanguage } }).Kusto.Language;
}

const kusto = load();

/**
 * What a query comes to over one table: its columns with their types.
 *
 * @throws Error where it does not parse, or names a column, function or type that is not there
 */
export function analyse(query: string, table: string, columns: Columns): Columns {
  // Some names are words of the language.
  const schema = Object.entries(columns).map(([name, type]) => `['${name}']: ${type}`);
  const symbol = kusto.Symbols.TableSymbol.From(`(${schema.join(', ')})`).WithName(table);
  const database = new kusto.Symbols.DatabaseSymbol.$ctor1('workspace', [symbol], false);
  const analysis = kusto.KustoCode.ParseAndAnalyze(query, kusto.GlobalState.Default.WithDatabase(database));
  const complaints = itemsOf(analysis.GetDiagnostics()).map(({ Message }) => Message);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return Object.fromEntries(itemsOf(analysis.ResultType.Columns).map(({ Name, Type }) => [Name, Type.Name]));
}

function itemsOf<T>(list: List<T>): readonly T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}
