#include "Text.hpp"

#include <arrow/util/utf8.h>

namespace xarrow {

bool isText(std::string_view bytes) {
  // The tables are made once, however many threads ask.
  static const bool ready = (arrow::util::InitializeUTF8(), true);
  return ready && arrow::util::ValidateUTF8(bytes);
}

std::string sound(std::string_view bytes) {
  std::string text;
  if (isText(bytes)) text = bytes;
  else appendRepaired(text, bytes);
  for (size_t at = 0; (at = text.find('\0', at)) != std::string::npos;) text.replace(at, 1, "\xEF\xBF\xBD");
  return text;
}

}  // namespace xarrow
