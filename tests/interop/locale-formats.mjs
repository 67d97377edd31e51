// Writes what the product needs to know of languages to show dates and amounts without ICU, and a table of dates and amounts
// made by ICU itself, which holds the product to it. Run it when the list of locales changes: node locale-formats.mjs
import { writeFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const built = ["en-US", "pt-BR", "es-ES", "ar-AE", "bn-BD", "de-DE", "fa-IR", "fr-FR", "he-IL", "hi-IN", "id-ID", "it-IT", "pa-PK", "ru-RU", "tr-TR", "uk-UA", "ur-PK", "zh-CN"];
// For languages that an operator adds as a file of their own.
const more = ["en-GB", "en-IN", "pt-PT", "es-AR", "es-CO", "es-MX", "ar-EG", "ca-ES", "cs-CZ", "da-DK", "el-GR", "fi-FI", "fr-CA", "hr-HR", "hu-HU", "ja-JP", "ko-KR", "ms-MY", "nb-NO", "nl-NL", "pl-PL", "ro-RO", "sk-SK", "sr-RS", "sv-SE", "sw-KE", "ta-IN", "th-TH", "vi-VN", "zh-TW"];
const locales = [...built, ...more];
const currencies = ["USD", "EUR", "GBP", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "UYU", "INR", "PKR", "BDT", "IDR", "MYR", "PHP", "THB", "VND", "CNY", "JPY", "KRW", "TWD", "HKD", "SGD", "AUD", "NZD", "CAD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "RUB", "UAH", "ILS", "AED", "SAR", "KWD", "EGP", "MAD", "NGN", "KES", "ZAR", "IRR"];
const winter = new Date("2024-02-10T14:45:00Z");
const summer = new Date("2024-07-10T14:45:00Z");

// Names that zones have today where ICU lists an older one, and short ones that servers are often set to.
const newer = ["Asia/Kolkata", "Asia/Kathmandu", "Asia/Ho_Chi_Minh", "Asia/Yangon", "Europe/Kyiv", "Atlantic/Faroe", "America/Argentina/Buenos_Aires", "America/Argentina/Cordoba", "America/Argentina/Mendoza", "America/Indiana/Indianapolis", "America/Kentucky/Louisville", "America/Nuuk", "Africa/Asmara", "Pacific/Pohnpei", "Pacific/Chuuk", "Pacific/Kanton", "US/Eastern", "US/Central", "US/Mountain", "US/Pacific", "US/Alaska", "US/Hawaii", "Brazil/East"];

// Only the calendars the product knows; everything else counts as Gregorian.
const tag = locale => new Intl.DateTimeFormat(locale).resolvedOptions().calendar === "persian" ? locale : `${locale}-u-ca-gregory`;
const parts = (locale, options, date = winter) => new Intl.DateTimeFormat(tag(locale), { timeZone: "UTC", ...options }).formatToParts(date);
// A narrow no-break space is a plain one, as in what Intl formats in one go.
const pattern = list => list.map(p => p.type === "literal" ? p.value.replaceAll("\u202f", " ") : `{${p.type}}`).join("");
const part = (list, type) => list.find(p => p.type === type)?.value;

function dates(locale) {
  const result = {};
  for (const month of ["short", "long", "2-digit"]) {
    const day = { day: "2-digit", month };
    result[month === "2-digit" ? "digits" : month] = [
      day, { ...day, year: "numeric" }, { ...day, weekday: "short" }, { ...day, year: "numeric", weekday: "short" },
    ].map(options => pattern(parts(locale, options)));
  }
  return result;
}

function names(locale, style) {
  const persian = tag(locale) === locale;
  const months = [], weekdays = [];
  // A day in the middle of every month of the calendar.
  for (let i = 0; i < 12; i++) {
    const date = persian ? new Date(Date.UTC(2024, 3, 3 + i * 30.5)) : new Date(Date.UTC(2024, i, 15));
    months.push(part(parts(locale, { day: "numeric", month: style, year: "numeric" }, date), "month"));
  }
  for (let i = 0; i < 7; i++) weekdays.push(part(parts(locale, { weekday: style, day: "numeric", month: "short" }, new Date(Date.UTC(2024, 0, 7 + i))), "weekday"));
  return { months, weekdays };
}

function times(locale) {
  const clock = { hour: "2-digit", minute: "2-digit" };
  const of = options => pattern(parts(locale, { ...clock, ...options }));
  return [of({ hourCycle: "h23" }), of({ hourCycle: "h12" }), of({ hourCycle: "h23", timeZoneName: "short" }), of({ hourCycle: "h12", timeZoneName: "short" })];
}

const digitsOf = locale => {
  const format = new Intl.NumberFormat(locale, { useGrouping: false });
  return [..."0123456789"].map(d => format.format(+d)).join("");
};
const plain = (text, digits) => [...text].map(c => digits.includes(c) ? String([...digits].indexOf(c)) : c).join("");
const zoneName = (locale, timeZone, date) => part(parts(locale, { hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" }, date), "timeZoneName");

function zones(locale, digits) {
  const offset = zone => plain(zoneName(locale, zone, winter), digits).replace("1", "{0}");
  const ahead = offset("Etc/GMT-1"), behind = offset("Etc/GMT+1");
  const isOffset = name => [ahead, behind].some(p => p.split("{0}").every(piece => name.includes(piece))) || /\d/.test(plain(name, digits));
  const named = {};
  for (const zone of ["UTC", ...Intl.supportedValuesOf("timeZone"), ...newer]) {
    const [a, b] = [zoneName(locale, zone, winter), zoneName(locale, zone, summer)];
    if (isOffset(a) || isOffset(b)) continue;
    const isNorth = stdOffset(zone, winter) <= stdOffset(zone, summer);
    const [standard, daylight] = isNorth ? [a, b] : [b, a];
    named[standard === daylight ? standard : `${standard}/${daylight}`] ??= [];
    named[standard === daylight ? standard : `${standard}/${daylight}`].push(zone);
  }
  // Zero has a name of its own ("GMT") that all zones without an abbreviation share.
  const zero = zoneName(locale, "Atlantic/Reykjavik", winter);
  delete named[zero];
  const separator = /4(.)30/.exec(plain(zoneName(locale, "Asia/Kabul", winter), digits))[1];
  return { ahead, behind, zero, separator, named };
}

function stdOffset(zone, date) {
  const text = part(new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(date), "timeZoneName");
  const match = /([+-])(\d+):(\d+)/.exec(text);
  return match ? (match[1] === "-" ? -1 : 1) * (match[2] * 60 + +match[3]) : 0;
}

function money(locale) {
  const of = (value, currency = "EUR") => new Intl.NumberFormat(locale, { style: "currency", currency }).formatToParts(value);
  const shape = list => list.filter(p => p.type !== "group").reduce((text, p) => {
    if (p.type === "currency") return text + "{currency}";
    if (["integer", "decimal", "fraction"].includes(p.type)) return text.endsWith("{number}") ? text : text + "{number}";
    return text + (p.type === "minusSign" ? p.value : p.value);
  }, "");
  const big = of(1234567890.5);
  const sizes = big.filter(p => p.type === "integer").map(p => [...p.value].length);
  const small = of(1234.5);
  const symbols = {};
  for (const currency of currencies) {
    const symbol = part(of(1, currency), "currency");
    if (symbol !== currency) symbols[currency] = symbol;
  }
  // A code that stands where a symbol would may be set apart from the number.
  const code = shape(of(1.5, "XTS"));
  return {
    decimal: part(big, "decimal"), group: part(big, "group") ?? "", primary: sizes.at(-1), secondary: sizes.at(-2) ?? sizes.at(-1),
    groupsThousands: small.some(p => p.type === "group"), positive: shape(of(1.5)), negative: shape(of(-1.5)), code, symbols,
  };
}

const formats = {};
for (const locale of locales) {
  const digits = digitsOf(locale);
  formats[locale] = {
    calendar: tag(locale) === locale ? "persian" : undefined, digits: digits === "0123456789" ? undefined : digits, dates: dates(locale), short: names(locale, "short"), long: names(locale, "long"),
    times: times(locale), periods: [9, 15].map(hour => part(parts(locale, { hour: "2-digit", hourCycle: "h12" }, new Date(Date.UTC(2024, 1, 10, hour))), "dayPeriod")),
    zones: zones(locale, digits), money: money(locale),
  };
}
const digitsOfCurrency = {};
for (const currency of currencies) {
  const digits = new Intl.NumberFormat("en-US", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  if (digits !== 2) digitsOfCurrency[currency] = digits;
}
const source = `Made by tests/interop/locale-formats.mjs from ICU ${process.versions.icu} (CLDR ${process.versions.cldr}, Unicode License V3)`;
writeFileSync(new URL("src/Footbridge.Server/Apps/Chatwoot/Wording/formats.json", root), 
  `{"comment":${JSON.stringify(source)},"digits":${JSON.stringify(digitsOfCurrency)},"locales":{\n${locales.map(l => `${JSON.stringify(l)}:${JSON.stringify(formats[l])}`).join(",\n")}\n}}\n`);

// The table that the product is held to.
const hour12 = ["en-US", "ar-AE", "bn-BD", "hi-IN", "pa-PK", "ur-PK"];
const moments = [["2024-02-10T14:45:00Z", "America/New_York"], ["2024-07-01T03:05:00Z", "America/Sao_Paulo"], ["2023-12-31T23:59:00Z", "Asia/Kolkata"], ["2025-03-20T00:30:00Z", "UTC"], ["2024-10-27T12:00:00Z", "Europe/Berlin"]];
const amounts = [[1234567.5, "BRL"], [0.99, "USD"], [1500, "JPY"], [1234.5, "EUR"], [-12.3, "EUR"], [100000, "INR"], [42, "XTS"]];
const table = {};
for (const locale of built) {
  const both = (options, date, timeZone) => new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(new Date(date));
  const day = { day: "2-digit", month: "short" };
  const time = { hour: "2-digit", minute: "2-digit", timeZoneName: "short", hourCycle: hour12.includes(locale) ? "h12" : "h23" };
  table[locale] = {
    dates: moments.map(([at, zone]) => ({ at, zone, full: both({ ...day, weekday: "short", year: "numeric" }, at, zone), thisYear: both({ ...day, weekday: "short" }, at, zone), near: both(day, at, zone), long: both({ day: "numeric", month: "long", year: "numeric" }, at, zone), time: both(time, at, zone) })),
    amounts: amounts.map(([value, currency]) => ({ value, currency, text: new Intl.NumberFormat(locale, { style: "currency", currency }).format(value) })),
  };
}
writeFileSync(new URL("tests/vectors/locale-formats.json", root), JSON.stringify({ comment: source, ...table }, null, 1) + "\n");
