"""Puts an export into a bucket that is made for it, as people would by hand: put.py ENDPOINT BUCKET FOLDER [options].

--origin ORIGIN    lets pages of an origin read it, by the rule of docs/hosting.md
--public           lets everyone read it
--sign SECONDS     signs each part for so long, and says so in the manifest
--sign-manifest SECONDS  signs the manifest for so long

Prints the manifest's address.
"""

import argparse
import json
import mimetypes
from pathlib import Path

import boto3
from botocore.config import Config

PREFIX = "exports/dev"

parser = argparse.ArgumentParser()
parser.add_argument("endpoint")
parser.add_argument("bucket")
parser.add_argument("folder", type=Path)
parser.add_argument("--origin")
parser.add_argument("--public", action="store_true")
parser.add_argument("--sign", type=int)
parser.add_argument("--sign-manifest", type=int)
arguments = parser.parse_args()

s3 = boto3.client(
    "s3",
    endpoint_url=arguments.endpoint,
    aws_access_key_id="tests",
    aws_secret_access_key="of-tests",
    region_name="us-east-1",
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)
bucket = arguments.bucket


def put(name: str, body: bytes) -> None:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    s3.put_object(Bucket=bucket, Key=f"{PREFIX}/{name}", Body=body, ContentType=kind)


def signed(name: str, seconds: int) -> str:
    place = {"Bucket": bucket, "Key": f"{PREFIX}/{name}"}
    return s3.generate_presigned_url("get_object", Params=place, ExpiresIn=seconds)


s3.create_bucket(Bucket=bucket)
if arguments.origin:
    rule = {"AllowedOrigins": [arguments.origin], "AllowedMethods": ["GET"], "MaxAgeSeconds": 3600}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
if arguments.public:
    resource = f"arn:aws:s3:::{bucket}/{PREFIX}/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}
    s3.put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )

manifest = json.loads((arguments.folder / "manifest.json").read_text())
files = manifest["parts"] + ([manifest["player_facts"]] if "player_facts" in manifest else [])
for file in files:
    put(file["file"], (arguments.folder / file["file"]).read_bytes())
    if arguments.sign:
        file["query"] = signed(file["file"], arguments.sign).partition("?")[2]
put("manifest.json", json.dumps(manifest).encode())
if arguments.sign_manifest:
    print(signed("manifest.json", arguments.sign_manifest))
else:
    print(f"{arguments.endpoint}/{bucket}/{PREFIX}/manifest.json")
