import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import OxfordIIITPet
from torchvision.models import MobileNet_V3_Small_Weights, mobilenet_v3_small

w = MobileNet_V3_Small_Weights.IMAGENET1K_V1
body = mobilenet_v3_small(weights=w)
body.classifier = nn.Identity()
body.eval()


@torch.inference_mode()
def embed(split):
    zs, ys = [], []
    for x, y in DataLoader(OxfordIIITPet("pets", split=split, transform=w.transforms(), download=True), batch_size=64):
        zs.append(nn.functional.normalize(body(x), dim=1).numpy())
        ys.append(y.numpy())
    return np.concatenate(zs), np.concatenate(ys)


train_z, train_y = embed("trainval")
test_z, test_y = embed("test")
similarity = test_z @ train_z.T
nearest = np.argsort(-similarity, axis=1)[:, :5]
votes = np.array([np.bincount(train_y[row], minlength=37).argmax() for row in nearest])
print("5-NN accuracy", (votes == test_y).mean())
