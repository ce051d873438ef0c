// libxml2's text writer behind plain functions: its headers bring those of ICU, which Foundation has in another version.
#include "CLibXML.h"

#include <libxml/xmlwriter.h>

static xmlTextWriterPtr of(xxml_writer *writer) { return (xmlTextWriterPtr)writer; }

static int result(int code) { return code < 0 ? -1 : 0; }

static const xmlChar *text(const char *text) { return (const xmlChar *)text; }

static int endsNothing(void *context) {
  (void)context;
  return 0;
}

xxml_writer *xxml_open(xxml_take take, void *context) {
  xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(take, endsNothing, context, NULL);
  if (!buffer) return NULL;
  xmlTextWriterPtr writer = xmlNewTextWriter(buffer);
  if (!writer) {
    xmlOutputBufferClose(buffer);
    return NULL;
  }
  if (xmlTextWriterSetIndent(writer, 1) < 0 || xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL) < 0) {
    xmlFreeTextWriter(writer);
    return NULL;
  }
  return (xxml_writer *)writer;
}

int xxml_start(xxml_writer *writer, const char *name) {
  return result(xmlTextWriterStartElement(of(writer), text(name)));
}

int xxml_attribute(xxml_writer *writer, const char *name, const char *value) {
  return result(xmlTextWriterWriteAttribute(of(writer), text(name), text(value)));
}

int xxml_text(xxml_writer *writer, const char *value) {
  return result(xmlTextWriterWriteString(of(writer), text(value)));
}

int xxml_base64(xxml_writer *writer, const void *bytes, int32_t count) {
  return result(xmlTextWriterWriteBase64(of(writer), bytes, 0, count));
}

int xxml_end(xxml_writer *writer) { return result(xmlTextWriterEndElement(of(writer))); }

int xxml_finish(xxml_writer *writer) {
  if (xmlTextWriterEndDocument(of(writer)) < 0) return -1;
  return result(xmlTextWriterFlush(of(writer)));
}

void xxml_free(xxml_writer *writer) { xmlFreeTextWriter(of(writer)); }
