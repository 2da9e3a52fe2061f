#!/bin/sh
# On a build machine: make the certificate and the notary's key ready, and tell build.py their names.
set -eu
keychain=$RUNNER_TEMP/cnngui.keychain
secret=$(openssl rand -hex 16)
certificate=$RUNNER_TEMP/certificate.p12 key=$RUNNER_TEMP/notary.p8
printf %s "$CERTIFICATE" | base64 --decode >"$certificate"
printf %s "$NOTARY_KEY" | base64 --decode >"$key"
security create-keychain -p "$secret" "$keychain"
security unlock-keychain -p "$secret" "$keychain"
security import "$certificate" -k "$keychain" -P "$PASSWORD" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$secret" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain
xcrun notarytool store-credentials cnngui --key "$key" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER" \
    --keychain "$keychain"
rm "$certificate" "$key"
{
    echo "CNNGUI_SIGN_AS=$IDENTITY"
    echo "CNNGUI_NOTARY_PROFILE=cnngui"
} >>"$GITHUB_ENV"
