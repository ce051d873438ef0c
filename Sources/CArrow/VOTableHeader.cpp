#include "VOTableHeader.hpp"

#include <cstdlib>
#include <string_view>

namespace xarrow {
namespace {

using std::string;
using std::string_view;

constexpr const char *kSpace = " \t\r\n";

void appendCodePoint(string &text, unsigned long code) {
  if (code == 0 || code > 0x10FFFF) return;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

/// One entity without its & and ;. Returns false for an unknown name.
bool appendEntity(string &text, const string &name) {
  if (name == "amp") text += '&';
  else if (name == "lt") text += '<';
  else if (name == "gt") text += '>';
  else if (name == "quot") text += '"';
  else if (name == "apos") text += '\'';
  else if (name.size() > 2 && name[0] == '#' && (name[1] == 'x' || name[1] == 'X'))
    appendCodePoint(text, std::strtoul(name.c_str() + 2, nullptr, 16));
  else if (name.size() > 1 && name[0] == '#')
    appendCodePoint(text, std::strtoul(name.c_str() + 1, nullptr, 10));
  else return false;
  return true;
}

/// Character data: entities and CDATA resolved, runs of white space made one space.
string plainText(string_view raw) {
  string decoded;
  for (size_t i = 0; i < raw.size();) {
    if (raw.substr(i, 9) == "<![CDATA[") {
      size_t end = raw.find("]]>", i);
      if (end == string_view::npos) end = raw.size();
      decoded.append(raw.substr(i + 9, end - i - 9));
      i = end + 3;
      continue;
    }
    size_t end = raw[i] == '&' ? raw.substr(i, 12).find(';') : string_view::npos;
    if (end != string_view::npos && appendEntity(decoded, string(raw.substr(i + 1, end - 1)))) {
      i += end + 1;
    } else {
      decoded += raw[i++];
    }
  }
  string text;
  for (char letter : decoded) {
    bool space = string_view(kSpace).find(letter) != string_view::npos;
    if (!space) text += letter;
    else if (!text.empty() && text.back() != ' ') text += ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

/// The value of an attribute of a start tag (without its angle brackets), or "".
string attribute(string_view tag, string_view name) {
  size_t at = 0;
  while ((at = tag.find(name, at)) != string_view::npos) {
    size_t equals = tag.find_first_not_of(kSpace, at + name.size());
    bool begins = at > 0 && string_view(kSpace).find(tag[at - 1]) != string_view::npos;
    at += name.size();
    if (!begins || equals == string_view::npos || tag[equals] != '=') continue;
    size_t quote = tag.find_first_not_of(kSpace, equals + 1);
    if (quote == string_view::npos || (tag[quote] != '"' && tag[quote] != '\'')) continue;
    size_t end = tag.find(tag[quote], quote + 1);
    if (end == string_view::npos) return "";
    return plainText(tag.substr(quote + 1, end - quote - 1));
  }
  return "";
}

/// The end of the start tag that begins at `from`: a > outside quotes.
size_t tagEnd(string_view xml, size_t from) {
  char quote = 0;
  for (size_t i = from; i < xml.size(); i++) {
    if (quote) quote = xml[i] == quote ? 0 : quote;
    else if (xml[i] == '"' || xml[i] == '\'') quote = xml[i];
    else if (xml[i] == '>') return i;
  }
  return string_view::npos;
}

/// Where the next FIELD tag, opening or closing, has its name.
size_t nextField(string_view xml, size_t from) {
  for (size_t at = xml.find("FIELD", from); at != string_view::npos; at = xml.find("FIELD", at + 1)) {
    if (at > 0 && (xml[at - 1] == '<' || xml[at - 1] == '/' || xml[at - 1] == ':')) return at;
  }
  return string_view::npos;
}

/// The text of the first DESCRIPTION inside a FIELD element.
string description(string_view inside) {
  size_t open = inside.find("DESCRIPTION");
  if (open == string_view::npos) return "";
  size_t begin = inside.find('>', open);
  if (begin == string_view::npos || inside[begin - 1] == '/') return "";
  size_t end = inside.find("DESCRIPTION>", begin);
  if (end == string_view::npos) return "";
  string_view body = inside.substr(begin + 1, end - begin - 1);
  size_t close = body.rfind("</");
  return close == string_view::npos ? "" : plainText(body.substr(0, close));
}

}  // namespace

std::map<string, FieldNotes> fieldNotes(const string &votable) {
  std::map<string, FieldNotes> notes;
  string_view xml = votable;
  // Every element ends before the next one begins, so no byte is looked at more than a few times.
  size_t after = 0;
  for (size_t at = nextField(xml, 0); at != string_view::npos; at = nextField(xml, after)) {
    after = at + 1;
    bool opens = xml[at - 1] != '/';  // <FIELD or <vo:FIELD
    bool whole = at + 5 < xml.size() && string_view(kSpace).find(xml[at + 5]) != string_view::npos;
    if (!opens || !whole) continue;
    size_t end = tagEnd(xml, at);
    if (end == string_view::npos) break;
    after = end;
    string_view tag = xml.substr(at, end - at);
    string name = attribute(tag, "name");
    if (name.empty()) continue;
    FieldNotes field{attribute(tag, "unit"), attribute(tag, "ucd"), ""};
    if (tag.back() != '/') {
      after = nextField(xml, end);
      field.description = description(xml.substr(end + 1, after == string_view::npos ? after : after - end - 1));
    }
    notes.emplace(name, field);
    if (after == string_view::npos) break;
  }
  return notes;
}

}  // namespace xarrow
