/// Translates queries in ADQL, the language of the Virtual Observatory, into SQLite's SQL with the operators of docs/sql.md.
///
/// Every name is resolved and every function checked; what is not understood is refused by name, with its place. So what comes out
/// holds nothing that was not understood.
///
/// Source: IVOA Recommendation Astronomical Data Query Language 2.1.
public enum ADQL {
  /// What a query means.
  public struct Translation: Sendable {
    /// One SELECT for SQLite.
    public let sql: String
    /// The columns of the result, in order.
    public let columns: [ColumnDefinition]
  }

  /// Bytes of a query at most.
  public static let mostBytes = 100_000

  /// - Parameters:
  ///   - query: One SELECT in ADQL.
  ///   - tables: The tables that it may read.
  ///   - functions: Functions beside those of ADQL that it may call.
  /// - Throws: `ADQLError`.
  public static func translate(
    _ query: String, tables: [TableDefinition], functions: [UserFunction] = []
  ) throws(ADQLError) -> Translation {
    let text = Array(query.utf8)
    do throws(Refusal) {
      if text.count > mostBytes {
        throw Refusal("the query has \(text.count) bytes; allowed: \(mostBytes)", at: mostBytes)
      }
      let tree = try Parser.query(Tokenizer.tokens(of: text))
      let translator = Translator(tables: tables, functions: functions)
      let result = try translator.query(tree, in: nil)
      return Translation(sql: result.sql, columns: result.columns)
    } catch {
      throw ADQLError(error.message, at: min(error.offset, text.count), in: text)
    }
  }

  /// A name as a query has it: quoted unless it is a plain word that is not reserved.
  public static func spelling(of name: String) -> String {
    let isPlain =
      name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
      && name.utf8.first.map { $0 == 0x5F || $0 > 0x39 } == true
    return isPlain && !reserved.contains(name.uppercased()) ? name : Translator.identifier(name)
  }

  /// The words that ADQL reserves (2.1, section 2.1.2), and those that it used to.
  public static let reserved: Set<String> = Set(
    """
    ABS ABSOLUTE ACOS ACTION ADD ALL ALLOCATE ALTER AND ANY ARE AREA AS ASC ASIN ASSERTION AT ATAN ATAN2 AUTHORIZATION AVG BEGIN
    BETWEEN BIGINT BIT BIT_AND BIT_LENGTH BIT_NOT BIT_OR BIT_XOR BOOLEAN BOTH BOX BY CASCADE CASCADED CASE CAST CATALOG CEILING
    CENTROID CHAR CHARACTER CHARACTER_LENGTH CHAR_LENGTH CHECK CIRCLE CLOSE COALESCE COLLATE COLLATION COLUMN COMMIT CONNECT
    CONNECTION CONSTRAINT CONSTRAINTS CONTAINS CONTINUE CONVERT COORD1 COORD2 COORDSYS CORRESPONDING COS COT COUNT CREATE CROSS
    CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR DATE DAY DEALLOCATE DECIMAL DECLARE DEFAULT DEFERRABLE
    DEFERRED DEGREES DELETE DESC DESCRIBE DESCRIPTOR DIAGNOSTICS DISCONNECT DISTANCE DISTINCT DOMAIN DOUBLE DROP ELSE END END-EXEC
    ESCAPE EXCEPT EXCEPTION EXEC EXECUTE EXISTS EXP EXTERNAL EXTRACT FALSE FETCH FIRST FLOAT FLOOR FOR FOREIGN FOUND FROM FULL GET
    GLOBAL GO GOTO GRANT GROUP HAVING HOUR IDENTITY ILIKE IMMEDIATE IN INDICATOR INITIALLY INNER INPUT INSENSITIVE INSERT INT
    INTEGER INTERSECT INTERSECTS INTERVAL INTO IN_UNIT IS ISOLATION JOIN KEY LANGUAGE LAST LEADING LEFT LEVEL LIKE LOCAL LOG LOG10
    LOWER MATCH MAX MIN MINUTE MOD MODULE MONTH NAMES NATIONAL NATURAL NCHAR NEXT NO NOT NULL NULLIF NUMERIC OCTET_LENGTH OF OFFSET
    ON ONLY OPEN OPTION OR ORDER OUTER OUTPUT OVERLAPS PAD PARTIAL PI POINT POLYGON POSITION POWER PRECISION PREPARE PRESERVE
    PRIMARY PRIOR PRIVILEGES PROCEDURE PUBLIC RADIANS RAND READ REAL REFERENCES REGION RELATIVE RESTRICT REVOKE RIGHT ROLLBACK ROUND
    ROWS SCHEMA SCROLL SECOND SECTION SELECT SESSION SESSION_USER SET SIN SIZE SMALLINT SOME SPACE SQL SQLCODE SQLERROR SQLSTATE SQRT
    SUBSTRING SUM SYSTEM_USER TABLE TAN TEMPORARY THEN TIME TIMESTAMP TIMEZONE_HOUR TIMEZONE_MINUTE TO TOP TRAILING TRANSACTION
    TRANSLATE TRANSLATION TRIM TRUE TRUNCATE UNION UNIQUE UNKNOWN UPDATE UPPER USAGE USER USING VALUE VALUES VARCHAR VARYING VIEW
    WHEN WHENEVER WHERE WITH WORK WRITE YEAR ZONE
    """.split { $0.isWhitespace }.map(String.init))
}
