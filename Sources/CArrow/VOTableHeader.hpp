// Units, UCDs and descriptions from the VOTable header that VOParquet keeps in the footer of a Parquet file.
//
// Source: IVOA Note "VOParquet" 1.0 (2025-01-14), key IVOA.VOTable-Parquet.content.
#ifndef XMDB_CARROW_VOTABLEHEADER_HPP
#define XMDB_CARROW_VOTABLEHEADER_HPP
#include <map>
#include <string>

namespace xarrow {

struct FieldNotes {
  std::string unit, ucd, description;
};

/// Notes by column name. Tolerant: whatever is not a well-formed FIELD element is passed over.
std::map<std::string, FieldNotes> fieldNotes(const std::string &votable);

}  // namespace xarrow
#endif
