using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Whose tokenizer: a model's, or a file's.</summary>
sealed class TokenizerOptions
{
    readonly Option<string?> model = new("--model", "-m") { HelpName = "model" }, file = new("--tokenizer") { HelpName = "file" };

    public IEnumerable<Symbol> All => [model, file];

    /// <summary>The tokenizer of a file, of the model that an option names, of the model of that name.</summary>
    public Tokenizer Open(CommandContext call, string? name = null)
    {
        var tokenizer = TokenizerFiles.Open(InputFile.Of(call, file) ?? call.Models.Resolve(call.Get(model) ?? name, call.Say));
        call.Warn(tokenizer.Warnings);
        return tokenizer;
    }
}
