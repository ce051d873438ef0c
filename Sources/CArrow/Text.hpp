// UTF-8 that can be relied on.
#ifndef XMDB_CARROW_TEXT_HPP
#define XMDB_CARROW_TEXT_HPP
#include <cstdint>
#include <string>
#include <string_view>

namespace xarrow {

/// Whether the bytes are UTF-8.
bool isText(std::string_view bytes);

/// Appends the bytes to a container, with U+FFFD for each byte that is no part of a character.
template <typename Bytes>
void appendRepaired(Bytes &out, std::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    size_t length = 1;
    while (length <= 4 && i + length <= bytes.size() && !isText(bytes.substr(i, length))) length++;
    if (length > 4 || i + length > bytes.size()) {
      for (char part : std::string_view("\xEF\xBF\xBD")) out.push_back(static_cast<typename Bytes::value_type>(part));
      i++;
    } else {
      for (char part : bytes.substr(i, length)) out.push_back(static_cast<typename Bytes::value_type>(part));
      i += length;
    }
  }
}

/// A text for a C string: UTF-8 without zeros.
std::string sound(std::string_view bytes);

}  // namespace xarrow
#endif
