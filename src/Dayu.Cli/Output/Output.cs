using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Forms of a result.</summary>
enum Format { Table, Json, Jsonl, Csv, Md }

/// <summary>Where results and remarks go: results to standard output in the wanted form, everything else to standard error.</summary>
sealed class Output
{
    /// <summary>How JSON is written: Chinese stays legible; control characters are escaped.</summary>
    public static JsonSerializerOptions Legible { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Terminal terminal;
    readonly string[]? fields;

    Output(Terminal terminal, Format format, string[]? fields) => (this.terminal, Format, this.fields) = (terminal, format, fields);

    public Format Format { get; }

    public bool IsText => Format == Format.Table && fields is null;

    /// <summary>No remarks.</summary>
    public bool Quiet { get; private init; }

    /// <summary>Whether standard error may be drawn on: a terminal, and nobody said otherwise.</summary>
    public bool Draws { get; private init; }

    /// <summary>Whether results may have colours: standard output is a terminal, and nobody said otherwise.</summary>
    public bool Colors { get; private init; }

    /// <summary>Nothing is drawn with signs, not even where a result is a drawing.</summary>
    public bool Plain { get; private init; }

    /// <summary>Whether progress is told at all.</summary>
    public bool ShowsProgress { get; private init; }

    public static Output Of(ParseResult parsed, Globals globals, Terminal terminal, Settings settings, Format[] formats)
    {
        var named = parsed.GetValue(globals.Json) ? "json" : parsed.GetValue(globals.Format) is { } said and not "auto" ? said : null;
        if (parsed.GetValue(globals.Json) && parsed.GetValue(globals.Format) is { } other and not "json")
            throw new CliError(2064, "--json", $"--format {other}");
        var format = Named(named ?? settings.Text(Setting.Format), formats);
        if (named is not null && format is null) throw new CliError(2004, named, string.Join(", ", formats).ToLowerInvariant());
        var quiet = parsed.GetValue(globals.Quiet) || parsed.GetValue(globals.Verbosity) == "q";
        var shows = !quiet && !parsed.GetValue(globals.NoProgress);
        return new(terminal, format ?? Format.Table, Wanted(parsed, globals, formats))
        {
            Quiet = quiet, ShowsProgress = shows, Draws = terminal.ErrorIsTty && !IsPlain(parsed, globals, terminal),
            Colors = HasColor(parsed, globals, terminal, settings, terminal.OutIsTty), Plain = parsed.GetValue(globals.Plain),
        };
    }

    static string[]? Wanted(ParseResult parsed, Globals globals, Format[] formats)
    {
        if (parsed.GetValue(globals.Fields) is not { } said) return null;
        return formats is [Format.Table] ? throw new CliError(2035) : Setting.Items(said);
    }

    /// <summary>A form by its name; null where the command does not have it: what is set for every command need not fit each.</summary>
    static Format? Named(string? name, Format[] formats) =>
        Enum.TryParse<Format>(name, ignoreCase: true, out var format) && formats.Contains(format) ? format : null;

    static bool IsPlain(ParseResult parsed, Globals globals, Terminal terminal) =>
        parsed.GetValue(globals.Plain) || terminal.Variable("TERM") == "dumb" || terminal.Variable("CI") is not null;

    /// <summary>Whether remarks may have colours.</summary>
    public static bool HasColor(ParseResult parsed, Globals globals, Terminal terminal, Settings settings) =>
        HasColor(parsed, globals, terminal, settings, terminal.ErrorIsTty);

    static bool HasColor(ParseResult parsed, Globals globals, Terminal terminal, Settings settings, bool isTty) =>
        (Globals.Said(parsed, globals.Color) ?? (terminal.Variable("NO_COLOR") is null ? settings.Lenient(Setting.Color) : "never")) switch
        {
            "always" => true,
            "never" => false,
            _ => isTty && !IsPlain(parsed, globals, terminal),
        };

    /// <summary>A part of a result that is text, shown at once. A pipe gets it as it is.</summary>
    public void Text(string text)
    {
        terminal.Out.Write(terminal.OutIsTty ? Visible.Of(text) : text);
        terminal.Out.Flush();
    }

    /// <summary>A drawing of signs and colours, whose texts are made visible already.</summary>
    public void Drawing(string text) => terminal.Out.Write(text);

    /// <summary>A result: the object for programs, the table for people.</summary>
    public void Result(JsonObject value, Table table)
    {
        if (Format is Format.Json or Format.Jsonl) Json(value);
        else Write((fields is null ? table : Fields.Table(Fields.Of(value, fields))).Render(Format));
    }

    /// <summary>A result that is a list: one object around it, or a line for each (jsonl).</summary>
    public void Result(string name, IReadOnlyList<JsonObject> items, Table table) =>
        List(items, table, all => new JsonObject { ["v"] = 1, [name] = all });

    /// <summary>A list without an object around it, where programs for such lists expect none.</summary>
    public void List(IReadOnlyList<JsonObject> items, Table table) => List(items, table, all => all);

    void List(IReadOnlyList<JsonObject> items, Table table, Func<JsonArray, JsonNode> whole)
    {
        IReadOnlyList<JsonObject> wanted = fields is null ? items : [.. items.Select(i => Fields.Of(i, fields))];
        if (Format == Format.Jsonl) foreach (var item in wanted) Write(Line(item));
        else if (Format == Format.Json) Write(Line(whole(new([.. wanted]))));
        else Write((fields is null ? table : Fields.Table(wanted, fields)).Render(Format));
    }

    /// <summary>An object on a line of its own; where fields of a result without a table are wanted, these.</summary>
    public void Json(JsonObject value)
    {
        var wanted = fields is null ? value : Fields.Of(value, fields);
        Write(Format is Format.Json or Format.Jsonl ? Line(wanted) : Fields.Table(wanted).Render(Format));
    }

    void Write(string text)
    {
        terminal.Out.Write(Format is Format.Json or Format.Jsonl ? text : Visible.Of(text));
        terminal.Out.Flush();
    }

    /// <summary>A remark.</summary>
    public void Note(string text)
    {
        if (!Quiet) terminal.Error.WriteLine(Visible.Of(text));
    }

    /// <summary>Something that is wrong, though not wrong enough to stop.</summary>
    public void Warn(string text) => terminal.Error.WriteLine(Visible.Of(text));

    static string Line(JsonNode value) => value.ToJsonString(Legible) + "\n";
}
