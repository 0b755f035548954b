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
    const int MostNamed = 20;                                        // characters without a glyph that a remark names

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

    /// <summary>Writes it, and says where.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="path">Where to.</param>
    /// <param name="picture">As a drawing.</param>
    /// <param name="table">As numbers.</param>
    /// <param name="value">As an object.</param>
    public static void Write(CommandContext call, string path, Func<Picture> picture, Table table, JsonObject value)
    {
        WholeFile.Write(path, Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".svg" => Utf8(Svg.Of(picture())),
            ".png" => Painted(call, picture()),
            ".html" => Utf8(Page(call, picture(), table)),
            ".csv" => Utf8(table.Render(Format.Csv)),
            _ => Utf8(value.ToJsonString(json) + "\n"),
        });
        call.Out.Note(call.Say.Text("figure.written", path));
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static string Page(CommandContext call, Picture picture, Table table) =>
        Html.Of(picture, table.Columns.Select(c => c.TrimEnd('>')), table.Rows, call.Say["language"], call.Say["figure.numbers"]);

    static byte[] Painted(CommandContext call, Picture picture)
    {
        using var fonts = Fonts.With(call.Terminal.Variable("DAYU_FONT") is { } named ? Path.Combine(call.Terminal.Folder, named) : null);
        if (!fonts.Any) throw new CliError(1030);
        var painter = new Painter(fonts);
        var png = painter.Png(picture);
        if (painter.Missing.Count == 0) return png;
        var missing = string.Concat(painter.Missing.Take(MostNamed)) + (painter.Missing.Count > MostNamed ? " …" : "");
        call.Out.Warn(call.Say.Text("figure.missing", missing));
        return png;
    }
}
