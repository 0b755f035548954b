using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>The numbers of what can be wrong with the store and with downloads.</summary>
static class HubErrors
{
    const int MostChoices = 40;

    /// <summary>What to tell of an exception of the library.</summary>
    public static CliErrors Of(HubException e) => e switch
    {
        ModelNameException { Conflict: { } other } n => new(1015, [n.Name, other]),
        ModelNameException n => new(2031, [n.Name]),
        ModelExistsException m => new(2005, [m.Name]),
        ModelLockedException m => new(1010, [m.Name]),
        DiskSpaceException d => new(1011, [Units.Bytes(d.Needed), Units.Bytes(d.Free), d.Folder]),
        FileSelectionException { Wanted: null } f => new(3012, [f.From]),
        FileSelectionException f => new(f.IsAmbiguous ? 2032 : 3011, [f.From, f.Wanted, Listed(f.Choices)]),
        PullSourceException { IsWord: true } p => new(2014, [p.Text, Near(p.Text)]),
        PullSourceException p => new(2036, [p.Text]),
        HubRefusalException h => Of(h),
        HubAnswerException h => new(7023, [h.Host, h.Found]),
        UnsafePathException p => new(7022, [Visible.OneLine(p.Path)]),
        DamagedFileException d => new(d.IsLength ? 7021 : 7020, [d.File, d.Found, d.Expected]),
        _ => new(1001, [e.Message]),
    };

    static CliErrors Of(HubRefusalException e) => e.Refusal switch
    {
        HubRefusal.NoRepository => new(3010, [e.From]),
        HubRefusal.NoRevision => new(3013, [e.From, e.Revision]),
        HubRefusal.NoFile => new(3014, [e.From]),
        HubRefusal.TermsNotAccepted => new(1012, [e.From]),
        HubRefusal.TokenRejected => new(1013, [e.From]),
        _ => new(1014, [e.Host, e.Status]),
    };

    static string Near(string name) => string.Join(", ", Suggestions.Near(name, [.. KnownModels.All.Select(m => m.Name)]));

    /// <summary>The choices, a line for each.</summary>
    static string Listed(IReadOnlyList<ModelFile> files)
    {
        if (files.Count == 0) return "–";
        string[] more = files.Count > MostChoices ? [$"  … {files.Count - MostChoices}"] : [];
        return string.Join("\n  ", [.. files.Take(MostChoices).Select(Line), .. more]);
    }

    static string Line(ModelFile file) => $"  {Visible.OneLine(file.Path)}{(file.Bytes is { } n ? $"  {Units.Bytes(n)}" : "")}";
}
