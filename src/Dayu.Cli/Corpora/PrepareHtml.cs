using System.Text;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>The report of a corpus as a page of its own: it fetches nothing from anywhere, and what documents say is text in it.</summary>
static class PrepareHtml
{
    const string Style = """
        :root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--line:#d0d7de;--faint:#59636e;--bar:#0072b2;--gone:#d55e00}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#30363d;--faint:#9198a1;--bar:#56b4e9;--gone:#e69f00}}
        body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;padding:0 1rem;max-width:70rem;color:var(--ink);background:var(--paper)}
        table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.2rem .7rem;text-align:left;border-bottom:1px solid var(--line)}
        td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
        h2::first-letter{text-transform:uppercase}.wide{overflow-x:auto}
        .bar{display:inline-block;height:.8em;background:var(--bar);vertical-align:middle}.bar.gone{background:var(--gone)}
        .cell{width:16rem;min-width:6rem}.wide td:first-child{white-space:nowrap}
        code,.text{font:13px/1.4 ui-monospace,monospace;word-break:break-word}.faint{color:var(--faint)}
        details{margin:.3rem 0}
        """;

    /// <summary>The page.</summary>
    public static string Of(Strings say, PrepareReport report)
    {
        var (corpus, page) = (report.Corpus, new StringBuilder());
        var title = say.Text("data.title", Path.GetFileName(corpus.Folder));
        page.Append($"<!DOCTYPE html>\n<html lang=\"{say["language"]}\">\n<meta charset=\"utf-8\">\n");
        page.Append($"<meta name=\"viewport\" content=\"width=device-width\">\n<title>{Safe(title)}</title>\n<style>{Style}</style>\n");
        page.Append($"<h1>{Safe(title)}</h1>\n<p class=\"faint\">{Safe(say["data.fingerprint"])} <code>{corpus.Fingerprint}</code></p>\n");
        Rows(page, say["data.steps"], [say["data.step"], say["data.out"] + ">", say["data.dropped"] + ">", say["data.bytes"] + ">", ""],
            Enum.GetValues<CleaningStep>().Select(s => StepRow(report, s)));
        Rows(page, say["data.sources"], [.. report.SourceTable.Columns, ""], report.SourceTable.Rows.Zip(corpus.Report.Sources,
            (row, s) => ((string[])[.. row.Select(Safe), Bar(s.Kept.Bytes, corpus.Report.Sources.Max(o => o.Kept.Bytes))])));
        var languages = report.Languages;
        Rows(page, say["data.languages"], [say["data.language"], say["data.documents"] + ">", say["data.bytes"] + ">",
            say["data.characters"] + ">", .. report.Shards is null ? (string[])[] : [say["data.tokens"] + ">"], ""],
            languages.Select(l => (string[])[Safe(l.Key), $"{l.Value.Documents:N0}", Units.Bytes(l.Value.Bytes), $"{l.Value.Characters:N0}",
                .. report.Shards is null ? (string[])[] : [$"{report.Shards.OfLanguage(l.Key):N0}"],
                Bar(l.Value.Bytes, languages.Values.Max(v => v.Bytes))]));
        Drops(page, say, report);
        Evaluations(page, say, report);
        return page.Append("</html>\n").ToString();
    }

    static string[] StepRow(PrepareReport report, CleaningStep step)
    {
        var (before, after) = (report.Corpus.Report.Before(step), report.Corpus.Report.After(step));
        var all = report.Corpus.Report.Before(CleaningStep.Extract).Documents;
        return [Safe(report.Name(step)), $"{after.Documents:N0}", $"{before.Documents - after.Documents:N0}", Units.Bytes(after.Bytes),
            Bar(after.Documents, all) + Bar(before.Documents - after.Documents, all, "gone")];
    }

    static void Drops(StringBuilder page, Strings say, PrepareReport report)
    {
        if (report.Corpus.Report.Drops.Count == 0) return;
        page.Append($"<h2>{Safe(say["data.dropped"])}</h2>\n");
        foreach (var drop in report.Corpus.Report.Drops)
        {
            page.Append($"<details><summary>{Safe(report.Name(drop.Step))}: <code>{Safe(drop.Reason)}</code> ");
            page.Append($"{Safe(say.Text("data.count", drop.Dropped.Documents, Units.Bytes(drop.Dropped.Bytes)))}</summary>\n");
            page.Append("<div class=\"wide\"><table>\n");
            foreach (var e in drop.Examples)
                page.Append($"<tr><td>{Safe(e.Place)}</td><td>{Safe(e.Detail)}</td><td class=\"text\">{Safe(e.Text)}</td></tr>\n");
            page.Append("</table></div></details>\n");
        }
    }

    static void Evaluations(StringBuilder page, Strings say, PrepareReport report)
    {
        var all = report.Corpus.Report.Evaluations;
        if (all.Count == 0) return;
        Rows(page, say["data.evaluation"], report.EvaluationTable.Columns,
            report.EvaluationTable.Rows.Select(r => r.Select(Safe).ToArray()));
        Rows(page, say["data.shared"], [say["data.evaluation"], say["data.place"], say["data.ngram"]],
            all.SelectMany(e => e.Examples.Select(x => (string[])[Safe(x.Detail), Safe(x.Place), Safe(x.Text)])));
    }

    /// <summary>A table; cells are HTML already. A column whose name ends in &gt; stands to the right.</summary>
    static void Rows(StringBuilder page, string title, string[] columns, IEnumerable<string[]> rows)
    {
        page.Append($"<h2>{Safe(title)}</h2>\n<div class=\"wide\"><table>\n<tr>");
        foreach (var c in columns) page.Append($"<th{Side(c)}>{Safe(c.TrimEnd('>'))}</th>");
        page.Append("</tr>\n");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var (cell, column) in row.Zip(columns)) page.Append($"<td{Side(column)}>{cell}</td>");
            page.Append("</tr>\n");
        }
        page.Append("</table></div>\n");
    }

    static string Side(string column) => column.Length == 0 ? " class=\"cell\"" : column.EndsWith('>') ? " class=\"n\"" : "";

    static string Bar(long part, long whole, string kind = "") => whole <= 0 || part <= 0 ? ""
        : FormattableString.Invariant($"<span class=\"bar {kind}\" style=\"width:{100.0 * part / whole:F2}%\"></span>");

    /// <summary>Text in HTML, also in an attribute; what could command a terminal or break the page is made visible.</summary>
    static string Safe(string text) => Svg.Escaped(Visible.OneLine(text));
}
