using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>BERT's <c>config.json</c>.</summary>
public sealed record BertConfig(
    int VocabSize, int HiddenSize, int IntermediateSize, int NumHiddenLayers, int NumAttentionHeads, int MaxPositionEmbeddings = 512,
    int TypeVocabSize = 2, float LayerNormEps = 1e-12f, string HiddenAct = "gelu", SortedDictionary<int, string>? Id2label = null)
{
    internal IReadOnlyList<string> Labels { get; } = Id2label is null ? ["LABEL_0", "LABEL_1"] : [.. Id2label.Values];
}

/// <summary>
/// BERT: an encoder that reads in both directions, and the heads it is published with. Devlin et al. 2018,
/// arXiv:1810.04805. T tokens, R selected rows, S sequences, C width, V vocabulary.
/// </summary>
public abstract class Bert(BertConfig c, Weights w) : IEncoder
{
    readonly Embedding words = new(w["bert.embeddings.word_embeddings"], c.VocabSize, c.HiddenSize),
                       positions = new(w["bert.embeddings.position_embeddings"], c.MaxPositionEmbeddings, c.HiddenSize),
                       tokenTypes = new(w["bert.embeddings.token_type_embeddings"], c.TypeVocabSize, c.HiddenSize);
    readonly LayerNorm norm = new(w["bert.embeddings.LayerNorm"], c.HiddenSize, c.LayerNormEps);
    readonly Blocks blocks = new(w["bert.encoder.layer"], c.NumHiddenLayers, (w, _) => new Block(c, w));

    /// <inheritdoc/>
    public int Context { get; } = c.MaxPositionEmbeddings;

    /// <inheritdoc/>
    public int Width { get; } = c.HiddenSize;

    /// <inheritdoc/>
    public Tensor Hidden(Pass p)
    {
        var x = words[p.Ids] + positions[p.Positions] + tokenTypes[p.TokenTypeIds];   // [T, C]
        return blocks.Forward(norm.Forward(x), p);
    }

    /// <inheritdoc/>
    public abstract Tensor Loss(Pass p, Targets targets);

    sealed class Block(BertConfig c, Weights w) : IBlock
    {
        readonly Linear q = new(w["attention.self.query"], c.HiddenSize, c.HiddenSize, bias: true),
                        k = new(w["attention.self.key"], c.HiddenSize, c.HiddenSize, bias: true),
                        v = new(w["attention.self.value"], c.HiddenSize, c.HiddenSize, bias: true),
                        o = new(w["attention.output.dense"], c.HiddenSize, c.HiddenSize, bias: true),
                        up = new(w["intermediate.dense"], c.HiddenSize, c.IntermediateSize, bias: true),
                        down = new(w["output.dense"], c.IntermediateSize, c.HiddenSize, bias: true);
        readonly LayerNorm norm1 = new(w["attention.output.LayerNorm"], c.HiddenSize, c.LayerNormEps),
                           norm2 = new(w["output.LayerNorm"], c.HiddenSize, c.LayerNormEps);
        readonly AttentionSpec heads = new(c.NumAttentionHeads, c.NumAttentionHeads, c.HiddenSize / c.NumAttentionHeads, Causal: false);
        readonly Func<Tensor, Tensor> activation = Activations.Named(c.HiddenAct);

        public Tensor Forward(Tensor x, Pass p)                      // [T, C] → [T, C]; each norm stands behind its sum
        {
            var (q, k, v) = Linear.Forward(x, this.q, this.k, this.v);   // [T, C] each
            x = norm1.Forward(x + o.Forward(p.Attend(this, q, k, v, heads)));
            return norm2.Forward(x + down.Forward(activation(up.Forward(x))));
        }
    }

    sealed class Encoder(BertConfig c, Weights w) : Bert(c, w)
    {
        public override Tensor Loss(Pass p, Targets targets) =>
            throw new NotSupportedException("this BERT has no head to train; load one for masked words, next sentences or classes");
    }

    sealed class MaskedLm(BertConfig c, Weights w) : Bert(c, w), IMaskedLm
    {
        readonly WordHead head = new(c, w["cls.predictions"]);

        public int Vocabulary { get; } = c.VocabSize;

        public Tensor Words(Tensor hidden, Pass p) => head.Forward(p.Select(hidden), words);

        public override Tensor Loss(Pass p, Targets targets) => Op.CrossEntropy(Words(Hidden(p), p), p.Arena.Ints(targets.TokensOrThrow));
    }

    sealed class PreTraining(BertConfig c, Weights w) : Bert(c, w), IMaskedLm, INextSentence
    {
        readonly WordHead head = new(c, w["cls.predictions"]);
        readonly SequenceHead next = new(c, w, "cls.seq_relationship", 2);

        public int Vocabulary { get; } = c.VocabSize;

        public Tensor Words(Tensor hidden, Pass p) => head.Forward(p.Select(hidden), words);

        public Tensor Follows(Tensor hidden, Pass p) => next.Forward(hidden, p);

        public override Tensor Loss(Pass p, Targets targets)
        {
            var hidden = Hidden(p);
            return Op.CrossEntropy(Words(hidden, p), p.Arena.Ints(targets.TokensOrThrow)) + next.Loss(hidden, p, targets);
        }
    }

    sealed class NextSentence(BertConfig c, Weights w) : Bert(c, w), INextSentence
    {
        readonly SequenceHead next = new(c, w, "cls.seq_relationship", 2);

        public Tensor Follows(Tensor hidden, Pass p) => next.Forward(hidden, p);

        public override Tensor Loss(Pass p, Targets targets) => next.Loss(Hidden(p), p, targets);
    }

    sealed class Classifier(BertConfig c, Weights w) : Bert(c, w), IClassifier
    {
        readonly SequenceHead head = new(c, w, "classifier", c.Labels.Count);

        public IReadOnlyList<string> Labels { get; } = c.Labels;

        public Tensor Classify(Tensor hidden, Pass p) => head.Forward(hidden, p);

        public override Tensor Loss(Pass p, Targets targets) => head.Loss(Hidden(p), p, targets);
    }

    /// <summary>Masked words: the table of words once more as output layer, with a bias of its own.</summary>
    sealed class WordHead(BertConfig c, Weights w)
    {
        readonly Linear transform = new(w["transform.dense"], c.HiddenSize, c.HiddenSize, bias: true);
        readonly LayerNorm norm = new(w["transform.LayerNorm"], c.HiddenSize, c.LayerNormEps);
        readonly Weight bias = w.Get("bias", new(c.VocabSize), Init.Zeros);
        readonly Func<Tensor, Tensor> activation = Activations.Named(c.HiddenAct);

        public Tensor Forward(Tensor x, Embedding words)             // [R, C] → [R, V]
        {
            x = norm.Forward(activation(transform.Forward(x)));
            return Op.MatMul(x, words.Weight, bias.Tensor);
        }
    }

    /// <summary>What is said of a whole sequence, from the state of its first token, [CLS].</summary>
    sealed class SequenceHead(BertConfig c, Weights w, string name, int outputs)
    {
        readonly Linear pooler = new(w["bert.pooler.dense"], c.HiddenSize, c.HiddenSize, bias: true),
                        output = new(w[name], c.HiddenSize, outputs, bias: true);

        public Tensor Forward(Tensor hidden, Pass p) => output.Forward(Op.Tanh(pooler.Forward(p.FirstOfEach(hidden))));   // [T, C] → [S, L]

        public Tensor Loss(Tensor hidden, Pass p, Targets targets) =>
            Op.CrossEntropy(Forward(hidden, p), p.Arena.Ints(targets.ClassesOrThrow));
    }

    [ModuleInitializer]
    internal static void Register() => Families.Add(new("bert",
        ["BertModel", "BertForPreTraining", "BertForMaskedLM", "BertForNextSentencePrediction", "BertForSequenceClassification"])
    {
        Make = (config, w) =>
        {
            Families.Require(config, "position_embedding_type", "absolute");
            Families.Require(config, "is_decoder", "false");
            Families.Require(config, "tie_word_embeddings", "true");
            var c = Families.Read(config, BertJson.Default.BertConfig);
            return Families.Architecture(config) switch
            {
                "BertForPreTraining" => new PreTraining(c, w),
                "BertForMaskedLM" => new MaskedLm(c, w),
                "BertForNextSentencePrediction" => new NextSentence(c, w),
                "BertForSequenceClassification" => new Classifier(c, w),
                _ => new Encoder(c, w),
            };
        },
        Config = () => BertJson.Default.BertConfig,
        Example = """
            { "architectures": ["BertForPreTraining"], "vocab_size": 61, "hidden_size": 24, "intermediate_size": 40,
              "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64 }
            """,
        Aliases = [new("bert.**", "**"), new("**.LayerNorm.weight", "**.LayerNorm.gamma"), new("**.LayerNorm.bias", "**.LayerNorm.beta")],
        Gguf = new("bert",
        [
            new("embedding_length", "hidden_size"), new("block_count", "num_hidden_layers"),
            new("feed_forward_length", "intermediate_size"), new("attention.head_count", "num_attention_heads"),
            new("attention.layer_norm_epsilon", "layer_norm_eps"), new("context_length", "max_position_embeddings"),
        ],
        [
            new("bert.embeddings.word_embeddings.weight", "token_embd.weight"),
            new("bert.embeddings.position_embeddings.weight", "position_embd.weight"),
            new("bert.embeddings.token_type_embeddings.weight", "token_types.weight"),
            new("bert.embeddings.LayerNorm.*", "token_embd_norm.*"),
            new("bert.encoder.layer.*.attention.self.query.*", "blk.*.attn_q.*"),
            new("bert.encoder.layer.*.attention.self.key.*", "blk.*.attn_k.*"),
            new("bert.encoder.layer.*.attention.self.value.*", "blk.*.attn_v.*"),
            new("bert.encoder.layer.*.attention.output.dense.*", "blk.*.attn_output.*"),
            new("bert.encoder.layer.*.attention.output.LayerNorm.*", "blk.*.attn_output_norm.*"),
            new("bert.encoder.layer.*.intermediate.dense.*", "blk.*.ffn_up.*"),
            new("bert.encoder.layer.*.output.dense.*", "blk.*.ffn_down.*"),
            new("bert.encoder.layer.*.output.LayerNorm.*", "blk.*.layer_output_norm.*"),
        ]),
    });
}

[JsonSerializable(typeof(BertConfig))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
sealed partial class BertJson : JsonSerializerContext;
