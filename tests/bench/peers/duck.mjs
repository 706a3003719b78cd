// duck.mjs - DuckDB in the process, through its Node package: one COPY statement, CSV in, CSV out.
// usage: node duck.mjs THREADS statement.sql in.csv out.csv
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [threads, statement, input, output] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads, memory_limit: '8GB' });
const connection = await instance.connect();
await connection.run('SET max_expression_depth TO 100000');
const sql = readFileSync(statement, 'utf8').replace('@IN@', input).replace('@OUT@', output);
await connection.run(sql);
