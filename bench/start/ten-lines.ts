import axios from 'axios'
import { left, match, right } from 'fp-ts/lib/Either.js'
import { catchError, from, map, of } from 'rxjs'

from(axios.get(process.argv[2] ?? ''))
  .pipe(
    map(({ data }) => right<string, unknown>(data)),
    catchError((error: Error) => of(left<string, unknown>(error.message))),
  )
  .subscribe(match(console.error, (operation) => console.log(JSON.stringify(operation))))
