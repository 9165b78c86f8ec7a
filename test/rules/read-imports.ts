import { parseAst } from 'rolldown/parseAst';

/** One place where a module names another one. */
export interface ModuleImport {
  readonly specifier: string;
  /** `type`: gone after compilation; `dynamic`: `import('…')` or `require('…')`. */
  readonly kind: 'value' | 'type' | 'dynamic';
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** Everything that a TypeScript source imports or re-exports, in order of its place. @throws when it cannot be parsed. */
export function readImports(source: string): readonly ModuleImport[] {
  const imports: ModuleImport[] = [];
  const add = (specifier: unknown, kind: ModuleImport['kind'], node: Node): void => {
    if (typeof specifier !== 'string') return;
    imports.push({ specifier, kind, line: source.slice(0, node.start).split('\n').length });
  };
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        if (node['source'] !== null) add(literal(node['source']), isTypeOnly(node) ? 'type' : 'value', node);
        break;
      case 'ImportExpression':
        add(literal(node['source']), 'dynamic', node);
        break;
      case 'TSImportType':
        add(literal(node['source']), 'type', node);
        break;
      case 'CallExpression':
        if (isRequire(node['callee'])) add(literal((node['arguments'] as Node[])[0]), 'dynamic', node);
        break;
    }
  });
  return imports;
}

/** Texts of all string literals of a source. */
export function readStrings(source: string): readonly string[] {
  const strings: string[] = [];
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node, (node) => {
    const text = literal(node);
    if (text !== undefined) strings.push(text);
  });
  return strings;
}

function isTypeOnly(node: Node): boolean {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true;
  const specifiers = (node['specifiers'] ?? []) as Node[];
  return (
    specifiers.length > 0 &&
    specifiers.every((one) => one['importKind'] === 'type' || one['exportKind'] === 'type')
  );
}

function isRequire(callee: unknown): boolean {
  const node = callee as Node;
  if (node.type === 'Identifier') return node['name'] === 'require';
  // require.resolve('…') names a module too.
  return node.type === 'MemberExpression' && isRequire(node['object']);
}

function literal(node: unknown): string | undefined {
  const { type, value } = (node ?? {}) as { readonly type?: string; readonly value?: unknown };
  return type === 'Literal' && typeof value === 'string' ? value : undefined;
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const field of Object.values(node)) {
    for (const child of Array.isArray(field) ? field : [field]) {
      if (child !== null && typeof child === 'object' && 'type' in child) visit(child as Node, see);
    }
  }
}
