// Addresses that must not be called: no form of them, and no name that leads to them. PORT stands for that of a socket which listens
// on all addresses of this machine and must not see a connection.

/** Addresses of IPv4 that are blocked, the first and the last of each range among them. */
const BLOCKED_4 = [
  ...['127.0.0.1', '127.0.0.2', '127.255.255.254', '0.0.0.0', '0.1.2.3', '0.255.255.255'],
  ...[
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
    '100.64.0.0',
    '100.127.255.255',
  ],
  ...['169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ...['192.0.0.0', '192.0.0.255', '192.0.2.0', '192.0.2.255', '192.88.99.0', '192.88.99.255', '198.18.0.0', '198.19.255.255'],
  ...[
    '198.51.100.0',
    '198.51.100.255',
    '203.0.113.0',
    '203.0.113.255',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.0',
    '255.255.255.255',
  ],
]

const BLOCKED_6 = [
  ...['::1', '0:0:0:0:0:0:0:1', '0000:0000:0000:0000:0000:0000:0000:0001', '::', '0::0', '::2', '::ffff', '0100::1', '100::'],
  ...['fe80::1', 'febf::1', 'fec0::1', 'fc00::1', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fd00:ec2::254', 'fd20:ce::254'],
  ...['ff02::1', 'ff0e::1', '2001:db8::1', '2001:db8:ffff::1', '3fff::1', '3fff:fff::1', '5f00::1', '4000::1', '9000::1'],
  ...['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:10::1', '2001:20::1', '2001:1ff::1', '2002::1'],
  ...['64:ff9b:1::1', '64:ff9b:1:ffff::7f00:1', '64:ff9b:2::1', 'fe80::5efe:7f00:1', 'fe80::5efe:127.0.0.1'],
]

/** Each writes an address of IPv4 in another way that means the same, or carries it inside one of IPv6. */
const WRITINGS: ((a: number, b: number, c: number, d: number) => string)[] = [
  (a, b, c, d) => String(whole(a, b, c, d)),
  (a, b, c, d) => `0x${whole(a, b, c, d).toString(16)}`,
  (a, b, c, d) => `0X${whole(a, b, c, d).toString(16).toUpperCase()}`,
  (a, b, c, d) => `0${whole(a, b, c, d).toString(8)}`,
  (...parts) => parts.map(part => `0${part.toString(8)}`).join('.'),
  (...parts) => parts.map(part => `000${part.toString(8)}`).join('.'),
  (...parts) => parts.map(part => `0x${part.toString(16)}`).join('.'),
  (a, b, c, d) => `${a}.${whole(0, b, c, d)}`,
  (a, b, c, d) => `${a}.${b}.${whole(0, 0, c, d)}`,
  (a, b, c, d) => `0x${a.toString(16)}.0${b.toString(8)}.${whole(0, 0, c, d)}`,
  (...parts) => `${parts.join('.')}.`,
  (...parts) => wide(parts.join('.')),
  (...parts) => parts.join('。'),
  (...parts) => parts.join('%2e'),
  (...parts) => `%3${String(parts[0])[0]}${String(parts[0]).slice(1)}.${parts.slice(1).join('.')}`,
  (...parts) => `[::ffff:${parts.join('.')}]`,
  (a, b, c, d) => `[::ffff:${pair(a, b)}:${pair(c, d)}]`,
  (a, b, c, d) => `[0:0:0:0:0:FFFF:${pair(a, b)}:${pair(c, d)}]`,
  (...parts) => `[64:ff9b::${parts.join('.')}]`,
  (a, b, c, d) => `[64:ff9b:0:0:0:0:${pair(a, b)}:${pair(c, d)}]`,
  (a, b, c, d) => `[2002:${pair(a, b)}:${pair(c, d)}::1]`,
  (a, b, c, d) => `[2001:0:${pair(a, b)}:${pair(c, d)}:0:0:${pair(255 - a, 255 - b)}:${pair(255 - c, 255 - d)}]`,
  (...parts) => `[::${parts.join('.')}]`,
  (...parts) => `[::ffff:0:${parts.join('.')}]`,
]

/** Addresses that name no host, or more than a host. */
const MALFORMED = [
  'http://[::1%25lo]:PORT/',
  'http://[fe80::1%25eth0]:PORT/',
  'http://[fe80::1%eth0]:PORT/',
  'http://[127.0.0.1]:PORT/',
  'http://[localhost]:PORT/',
  'http://[::1]x:PORT/',
  'http://::1:PORT/',
  'http://user@127.0.0.1:PORT/',
  'http://user:password@localhost:PORT/',
  'http://:password@public.test:PORT/',
  'http://public.test@127.0.0.1:PORT/',
  'http://public.test%40127.0.0.1:PORT/',
  'http://public.test:80@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT#@public.test/',
  'http://127.0.0.1:PORT?@public.test/',
  'http://127.0.0.1:PORT\\@public.test/',
  'http:\\\\127.0.0.1:PORT\\',
  'http:127.0.0.1:PORT',
  'http:/127.0.0.1:PORT/',
  'http:////127.0.0.1:PORT/',
  'HTTP://127.0.0.1:PORT/',
  ' http://127.0.0.1:PORT/ ',
  'ht\ntp://127.0.\t0.1:PORT/',
  'http://127.0.0.1:0PORT/',
  'http://①②⑦.⓪.⓪.①:PORT/',
  'http://256.0.0.1:PORT/',
  'http://127.0.0.1.1:PORT/',
  'http://127.0.0.0x1:PORT/',
  'http://4294967296:PORT/',
  'http://127.0.0.1:65536/',
  'http://127.0.0.1:-1/',
  'http:///',
  'http://',
  '//127.0.0.1:PORT/',
  '127.0.0.1:PORT',
  'localhost:PORT',
  '/hook',
  '',
  'ftp://127.0.0.1:PORT/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/_POST',
  'javascript:alert(1)',
  'data:text/plain,hello',
  'unix:/var/run/docker.sock',
  'ws://127.0.0.1:PORT/',
  `http://127.0.0.1:PORT/${'a'.repeat(2_048)}`,
  'http://1.1.1.1:22/',
  'http://1.1.1.1:0/',
  'https://1.1.1.1:25/',
  'https://1.1.1.1:6667/',
  'http://1.1.1.1:10080/',
  'http://[2606:4700:4700::1111]:5060/',
]

/** Every address that is refused before a name is looked up. */
export const REFUSED = [
  ...BLOCKED_4.map(ip => `http://${ip}:PORT/`),
  ...BLOCKED_6.map(ip => `http://[${ip}]:PORT/`),
  ...['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.10'].flatMap(ip => {
    const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number)
    return WRITINGS.map(write => `http://${write(a, b, c, d)}:PORT/`)
  }),
  ...MALFORMED,
]

/** Names and what they lead to, as a name server would say it, with the names that stand for other names (CNAME). */
export const NAMES: Record<string, string[] | { is: string }> = {
  'public.test': ['93.184.215.14'],
  'loopback.test': ['127.0.0.1'],
  'loopback-6.test': ['::1'],
  'unspecified.test': ['0.0.0.0'],
  'unspecified-6.test': ['::'],
  'private.test': ['10.0.0.5'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'mapped-hex.test': ['::ffff:7f00:1'],
  'nat64.test': ['64:ff9b::127.0.0.1'],
  'nat64-metadata.test': ['64:ff9b::a9fe:a9fe'],
  '6to4.test': ['2002:7f00:1::1'],
  'teredo.test': ['2001:0:7f00:1::1'],
  'link.test': ['fe80::1'],
  'zone.test': ['fe80::1%lo'],
  'unreadable.test': ['127.1'],
  'last-is-private.test': ['93.184.215.14', '1.1.1.1', '127.0.0.1'],
  'first-is-private.test': ['127.0.0.1', '93.184.215.14'],
  'one-is-private-6.test': ['2606:4700::1111', '::1'],
  '127.0.0.1.nip.test': ['127.0.0.1'],
  '127-0-0-1.sslip.test': ['127.0.0.1'],
  '7f000001.nip.test': ['127.0.0.1'],
  'app.10.0.0.5.nip.test': ['10.0.0.5'],
  'alias.test': { is: 'loopback.test' },
  'alias-of-alias.test': { is: 'alias.test' },
  'metadata.google.internal': ['169.254.169.254'],
  'instance-data.ec2.internal': ['169.254.169.254'],
  'host.docker.internal': ['172.17.0.1'],
  'kubernetes.default.svc.cluster.local': ['10.96.0.1'],
  'printer.local': ['192.168.1.30'],
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'app.localhost': ['127.0.0.1'],
  'localhost.localdomain': ['127.0.0.1'],
  'xn--bcher-kva.test': ['127.0.0.1'],
}

/** What must be let through, so that the guard is not only strict. */
export const GOOD = [
  ...[
    'https://example.com/hook',
    'http://example.com:8080/',
    'https://example.com:443/',
    'http://example.com:80/',
    'https://example.com./',
  ],
  ...[
    'https://bücher.example/',
    'https://8.8.8.8/',
    'http://1.1.1.1:8443/',
    'http://9.255.255.255/',
    'http://11.0.0.0/',
    'http://126.0.0.1/',
  ],
  ...['http://128.0.0.1/', 'http://172.15.255.255/', 'http://172.32.0.0/', 'http://192.167.255.255/', 'http://192.169.0.0/'],
  ...[
    'http://100.63.255.255/',
    'http://100.128.0.0/',
    'http://169.253.0.1/',
    'http://192.0.1.1/',
    'http://198.17.0.1/',
    'http://198.20.0.1/',
  ],
  ...[
    'http://223.255.255.255/',
    'https://[2606:4700:4700::1111]/',
    'http://[2a00:1450:4001:80b::200e]:9000/',
    'http://[::ffff:8.8.8.8]/',
  ],
  ...[
    'http://[64:ff9b::8.8.8.8]/',
    'http://[2001:4860:4860::8888]/',
    'http://localhost:9000/',
    'http://printer.local/',
    'https://a.internal/',
  ],
]

function whole(a: number, b: number, c: number, d: number) {
  return ((a * 256 + b) * 256 + c) * 256 + d
}

function pair(high: number, low: number) {
  return (high * 256 + low).toString(16)
}

function wide(text: string) {
  return text.replace(/[0-9.]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
}
