// The only door to libxml2 (https://gitlab.gnome.org/GNOME/libxml2): its writer of XML. Functions return 0, or -1 for a failure.
#ifndef XMDB_CLIBXML_H
#define XMDB_CLIBXML_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct xxml_writer xxml_writer;

/// Takes the next bytes of the document; returns their number, or -1 to end the writing.
typedef int (*xxml_take)(void *context, const char *bytes, int count);

/// Begins a document in UTF-8, indented; NULL without memory.
xxml_writer *xxml_open(xxml_take take, void *context);
/// Begins an element.
int xxml_start(xxml_writer *writer, const char *name);
/// An attribute of the element that was begun last.
int xxml_attribute(xxml_writer *writer, const char *name, const char *value);
/// Text in the element.
int xxml_text(xxml_writer *writer, const char *text);
/// Bytes in base64.
int xxml_base64(xxml_writer *writer, const void *bytes, int32_t count);
/// Ends the element that was begun last.
int xxml_end(xxml_writer *writer);
/// Ends all elements and hands over what is left.
int xxml_finish(xxml_writer *writer);
void xxml_free(xxml_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
