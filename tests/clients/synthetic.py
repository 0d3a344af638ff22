"""Numbers of people and bodies that do not exist, with the check characters that they would have."""


def citizen_id(region, born, sequence):
    """公民身份号码, GB 11643."""
    body = f"{region}{born}{sequence:03}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def credit_code(prefix, region, serial):
    """统一社会信用代码, GB 32100, with an organisation code inside, GB 11714."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    organization = f"{serial:08}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(organization, weights))
    body = f"{prefix}{region}{organization}{'0123456789X'[-total % 11]}"
    total = sum(alphabet.index(letter) * 3**place % 31 for place, letter in enumerate(body))
    return body + alphabet[-total % 31]


def pdf(line, size):
    """A file that begins like a PDF and is so large."""
    return b"%PDF-1.4\n% " + line.encode() + b"\n" + b"%" * size + b"\n%%EOF\n"
