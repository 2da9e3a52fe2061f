# Pneumonia detection from chest X-rays (pediatric, Kermany et al. folder layout)
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

DEVICE = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")

preprocess = {
    "train": transforms.Compose([
        transforms.Grayscale(),  # radiographs carry no colour
        transforms.Resize((224, 224)),
        transforms.RandomRotation(7),
        transforms.ToTensor(),
        transforms.Normalize(mean=[0.5], std=[0.25]),
    ]),
    "val": transforms.Compose([
        transforms.Grayscale(),
        transforms.Resize((224, 224)),
        transforms.ToTensor(),
        transforms.Normalize(mean=[0.5], std=[0.25]),
    ]),
}
sets = {k: datasets.ImageFolder(f"chest_xray/{k}", preprocess[k]) for k in ("train", "val")}
loaders = {
    k: DataLoader(sets[k], batch_size=16, shuffle=(k == "train"), num_workers=2) for k in sets
}

model = models.resnet18(weights=None)
model.fc = nn.Linear(model.fc.in_features, len(sets["train"].classes))
model = model.to(DEVICE)

criterion = nn.CrossEntropyLoss(weight=torch.tensor([2.9, 1.0]).to(DEVICE))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

for epoch in range(8):
    for phase in ["train", "val"]:
        model.train(phase == "train")
        loss_sum, n_ok = 0.0, 0
        for images, findings in loaders[phase]:
            images, findings = images.to(DEVICE), findings.to(DEVICE)
            with torch.set_grad_enabled(phase == "train"):
                scores = model(images)
                loss = criterion(scores, findings)
                if phase == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
            loss_sum += loss.item() * images.size(0)
            n_ok += (scores.argmax(1) == findings).sum().item()
        n = len(sets[phase])
        print(f"{epoch} {phase}: loss {loss_sum / n:.4f} acc {n_ok / n:.4f}")
