import torch
from torch import nn
from torchvision import datasets, models, transforms as T

data_tf = {
    "train": T.Compose([
        T.RandomResizedCrop(96), T.RandomHorizontalFlip(), T.ToTensor(),
        T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]),
    "val": T.Compose([T.Resize(112), T.CenterCrop(96), T.ToTensor()]),
}
sets = {p: datasets.ImageFolder(f"birds/{p}", data_tf[p]) for p in ("train", "val")}
dl = {p: torch.utils.data.DataLoader(sets[p], batch_size=8, shuffle=p == "train") for p in sets}

model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(model.fc.in_features, len(sets["train"].classes))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)

for epoch in range(3):
    for phase in ("train", "val"):
        model.train(phase == "train")
        for x, y in dl[phase]:
            with torch.set_grad_enabled(phase == "train"):
                out = model(x)
                loss = nn.functional.cross_entropy(out, y)
                if phase == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
