using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>A result in a file, in the form that its suffix says.</summary>
sealed class FigureFile
{
    const int MostNamed = 20;                                        // characters without a glyph that a warning names

    static readonly string[] forms = [".svg", ".png", ".html", ".csv", ".json"];
    static readonly JsonSerializerOptions json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public readonly Option<string?> Out = new("--out", "-o") { HelpName = "file" };

    /// <summary>Where it is wanted; null: nowhere. Asked before the work begins.</summary>
    /// <exception cref="CliError">The suffix says no form, or something is there already.</exception>
    public string? Target(CommandContext call)
    {
        if (call.Get(Out) is not { } named) return null;
        var path = Path.Combine(call.Terminal.Folder, named);
        if (!forms.Contains(Path.GetExtension(path).ToLowerInvariant())) throw new CliError(2040, named, string.Join(", ", forms));
        WholeFile.CheckPlace(path);
        return Path.Exists(path) && !call.Yes ? throw new CliError(2005, path) : path;
    }

    /// <summary>Whether a file is to have a form.</summary>
    public static bool Is(string path, string form) => Path.GetExtension(path).Equals(form, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes it, and says where.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="path">Where to.</param>
    /// <param name="picture">As a drawing.</param>
    /// <param name="table">As numbers.</param>
    /// <param name="value">As an object.</param>
    public static void Write(CommandContext call, string path, Func<Picture> picture, Table table, JsonObject value)
    {
        var form = Path.GetExtension(path).ToLowerInvariant();
        var named = call.Terminal.Variable("DAYU_FONT") is { } file ? Path.Combine(call.Terminal.Folder, file) : null;
        using var fonts = new Fonts(named, form == ".png" ? FontOrder.MachineFirst : FontOrder.BundledFirst);
        var outlines = new GlyphOutlines(fonts);
        WholeFile.Write(path, form switch
        {
            ".svg" => Utf8(Svg.Of(picture(), outlines.Of)),
            ".png" => new Painter(fonts).Png(picture()),
            ".html" => Utf8(Page(call, picture(), table, outlines)),
            ".csv" => Utf8(table.Render(Format.Csv)),
            _ => Utf8(value.ToJsonString(json) + "\n"),
        });
        WarnOfMissing(call, [.. fonts.Missing]);
        call.Out.Note(call.Say.Text("figure.written", path));
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static string Page(CommandContext call, Picture picture, Table table, GlyphOutlines outlines)
    {
        var columns = table.Columns.Select(c => c.TrimEnd('>'));
        return Html.Of(picture, columns, table.Rows, call.Say["language"], call.Say["figure.numbers"], outlines.Of);
    }

    static void WarnOfMissing(CommandContext call, Rune[] missing)
    {
        if (missing.Length == 0) return;
        var some = string.Concat(missing.Take(MostNamed)) + (missing.Length > MostNamed ? " …" : "");
        call.Out.Warn(call.Say.Text("figure.missing", some));
    }
}
