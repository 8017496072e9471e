"""Calls API methods with google-api-python-client.

Reads one JSON value from each line of standard input. The first value maps each version to its discovery document. Each
further value is a call. Writes the HTTP status and the body of each response as one line of JSON.
"""

import json
import sys
from functools import reduce

import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

documents = json.loads(sys.stdin.readline())
services = {
    version: build_from_document(json.dumps(document), http=httplib2.Http())
    for version, document in documents.items()
}


def send(method, arguments):
    version, *collections, verb = method.split(".")
    resource = reduce(lambda parent, name: getattr(parent, name)(), collections, services[version])
    try:
        return {"status": 200, "body": getattr(resource, verb)(**arguments).execute()}
    except HttpError as error:
        return {"status": int(error.resp.status), "body": json.loads(error.content)}


for line in sys.stdin:
    print(json.dumps(send(**json.loads(line))), flush=True)
