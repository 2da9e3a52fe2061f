from torchvision import transforms

steps = [transforms.Resize((32, 32)), transforms.Normalize((0.5,) * 3, (0.5,) * 3)]
tf = transforms.Compose(steps + [transforms.ToTensor()])
