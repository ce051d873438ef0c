// Numbers, truth values and missing values in text.
#ifndef XMDB_CARROW_NUMBERS_HPP
#define XMDB_CARROW_NUMBERS_HPP
#include <cctype>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace xarrow {

/// Without blanks at both ends.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Whether two texts are the same but for the case of A-Z; `word` is in lower case.
inline bool isWord(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (size_t i = 0; i < text.size(); i++) {
    char letter = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (letter != word[i]) return false;
  }
  return true;
}

/// No value in a column of texts: \N and NULL.
inline bool isMissingText(std::string_view text) {
  return text == "\\N" || (text.size() == 4 && isWord(text, "null"));
}

/// No value in a column of numbers: an empty text, \N, NULL, NaN, None, NA, N/A and --. The text is trimmed.
inline bool isMissingNumber(std::string_view text) {
  switch (text.size()) {
    case 0: return true;
    case 2: return text == "\\N" || text == "--" || isWord(text, "na");
    case 3: return isWord(text, "nan") || isWord(text, "n/a");
    case 4: return isWord(text, "null") || isWord(text, "none") || isWord(text, "-nan") || isWord(text, "+nan");
    default: return false;
  }
}

/// What a text that is not missing can be read as. The text is trimmed.
enum class Kind { text, boolean, integer, natural, wide, real };

inline bool isDigit(char letter) { return letter >= '0' && letter <= '9'; }

/// Whether digits without leading zeros are at most the number `limit`.
inline bool isAtMost(std::string_view digits, std::string_view limit) {
  return digits.size() < limit.size() || (digits.size() == limit.size() && digits <= limit);
}

/// integer: 64 bits with sign; natural: 64 bits, beyond those with sign; wide: an integer beyond 64 bits.
inline Kind kindOfDigits(std::string_view digits, bool negative) {
  size_t zeros = 0;
  while (zeros + 1 < digits.size() && digits[zeros] == '0') zeros++;
  digits.remove_prefix(zeros);
  if (digits.size() < 19) return Kind::integer;
  if (isAtMost(digits, negative ? "9223372036854775808" : "9223372036854775807")) return Kind::integer;
  return !negative && isAtMost(digits, "18446744073709551615") ? Kind::natural : Kind::wide;
}

/// [+-]digits[.digits][(e|E|d|D)[+-]digits], with digits before or after the point; inf, infinity; true, false.
inline Kind kindOf(std::string_view text) {
  const char *at = text.data(), *end = at + text.size();
  bool negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+')) at++;
  const char *digits = at;
  while (at < end && isDigit(*at)) at++;
  size_t whole = static_cast<size_t>(at - digits), fraction = 0;
  if (at == end && whole > 0) return kindOfDigits({digits, whole}, negative);
  if (at < end && *at == '.') {
    const char *first = ++at;
    while (at < end && isDigit(*at)) at++;
    fraction = static_cast<size_t>(at - first);
  }
  if (whole + fraction == 0) {
    std::string_view word(digits, static_cast<size_t>(end - digits));
    if (isWord(word, "inf") || isWord(word, "infinity")) return Kind::real;
    return isWord(text, "true") || isWord(text, "false") ? Kind::boolean : Kind::text;
  }
  if (at == end) return Kind::real;
  if (*at != 'e' && *at != 'E' && *at != 'd' && *at != 'D') return Kind::text;
  at++;
  if (at < end && (*at == '-' || *at == '+')) at++;
  const char *exponent = at;
  while (at < end && isDigit(*at)) at++;
  return at == end && at > exponent ? Kind::real : Kind::text;
}

template <typename Number>
bool parseInteger(std::string_view text, Number &number) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

/// Exponents with D, as Fortran writes them, and numbers beyond the range: infinite, or zero.
template <typename Number>
bool parseOddReal(std::string_view text, Number &number) {
  if (kindOf(text) != Kind::real && kindOf(text) != Kind::wide) return false;
  std::string plain(text);
  for (char &letter : plain) {
    if (letter == 'd' || letter == 'D') letter = 'e';
  }
  // The locale of a program is "C" unless it says otherwise, which this one does not.
  number = sizeof(Number) == 4 ? static_cast<Number>(std::strtof(plain.c_str(), nullptr))
                               : static_cast<Number>(std::strtod(plain.c_str(), nullptr));
  return true;
}

/// The nearest number.
template <typename Number>
bool parseReal(std::string_view text, Number &number) {
  std::string_view plain = text;
  if (!plain.empty() && plain.front() == '+') plain.remove_prefix(1);
  if (!plain.empty() && (plain.front() == 'n' || plain.front() == 'N')) return false;
  auto result = std::from_chars(plain.data(), plain.data() + plain.size(), number);
  if (result.ec == std::errc() && result.ptr == plain.data() + plain.size()) return true;
  return parseOddReal(text, number);
}

inline bool parseBool(std::string_view text, uint8_t &flag) {
  bool isTrue = isWord(text, "true") || isWord(text, "t") || text == "1";
  flag = isTrue ? 1 : 0;
  return isTrue || isWord(text, "false") || isWord(text, "f") || text == "0";
}

}  // namespace xarrow
#endif
